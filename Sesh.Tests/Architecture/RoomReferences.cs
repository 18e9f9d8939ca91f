using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Sesh.Tests.Architecture;

/// <summary>Something in a room names a type.</summary>
/// <param name="Room">The namespace of the outermost type that names.</param>
/// <param name="From">That type's name.</param>
/// <param name="Type">The full name of the outermost type named.</param>
internal sealed record RoomReference(string Room, string From, string Type);

/// <summary>Reads which types an assembly's types name: in what they derive from, in fields, signatures, locals and instructions.</summary>
internal sealed class RoomReferences
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => (int)(ushort)o.Value, o => o.OperandType);

    private readonly MetadataReader _metadata;
    private readonly PEReader _image;
    private readonly HashSet<string> _named = [];
    private readonly NamedTypes _signatures;

    private RoomReferences(PEReader image)
    {
        _image = image;
        _metadata = image.GetMetadataReader();
        _signatures = new NamedTypes(_named);
    }

    public static IReadOnlyList<RoomReference> Read(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        return new RoomReferences(image).All().ToList();
    }

    private IEnumerable<RoomReference> All()
    {
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var outermost = NamedTypes.Outermost(_metadata, handle);
            var room = _metadata.GetString(outermost.Namespace);
            var from = _metadata.GetString(outermost.Name);
            _named.Clear();
            Collect(_metadata.GetTypeDefinition(handle));
            foreach (var type in _named)
                yield return new RoomReference(room, from, type);
        }
    }

    private void Collect(TypeDefinition type)
    {
        Collect(type.BaseType);
        foreach (var implemented in type.GetInterfaceImplementations())
            Collect(_metadata.GetInterfaceImplementation(implemented).Interface);
        foreach (var field in type.GetFields())
            _metadata.GetFieldDefinition(field).DecodeSignature(_signatures, null);
        foreach (var handle in type.GetMethods())
        {
            var method = _metadata.GetMethodDefinition(handle);
            method.DecodeSignature(_signatures, null);
            if (method.RelativeVirtualAddress == 0)
                continue;
            var body = _image.GetMethodBody(method.RelativeVirtualAddress);
            if (!body.LocalSignature.IsNil)
                _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_signatures, null);
            foreach (var region in body.ExceptionRegions)
                Collect(region.CatchType);
            Collect(body.GetILReader());
        }
    }

    private void Collect(BlobReader il)
    {
        while (il.RemainingBytes > 0)
        {
            int code = il.ReadByte();
            if (code == 0xFE)
                code = 0xFE00 | il.ReadByte();
            switch (Operands[code])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    Collect(MetadataTokens.EntityHandle(il.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    il.Offset += 8;
                    break;
                case OperandType.InlineVar:
                    il.Offset += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    il.Offset += 1;
                    break;
                case OperandType.InlineNone:
                    break;
                default:
                    il.Offset += 4;
                    break;
            }
        }
    }

    private void Collect(EntityHandle handle)
    {
        if (handle.IsNil)
            return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _signatures.GetTypeFromDefinition(_metadata, (TypeDefinitionHandle)handle, 0);
                break;
            case HandleKind.TypeReference:
                _signatures.GetTypeFromReference(_metadata, (TypeReferenceHandle)handle, 0);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_signatures, null);
                break;
            case HandleKind.FieldDefinition:
                Collect(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MethodDefinition:
                Collect(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Collect(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                var generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Collect(generic.Method);
                generic.DecodeSignature(_signatures, null);
                break;
            default:
                break;
        }
    }
}
