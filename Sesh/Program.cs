return Sesh.Commands.Application.Run(args, Sesh.Commands.Surroundings.OfThisProcess());
