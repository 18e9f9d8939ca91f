// The bench's workload in Automerge: node automerge.mjs PREFIX WORKLOAD.jsonl RUNS
// PREFIX holds node_modules/@automerge/automerge. Prints {"load": median ms, "bytes": saved, "plain": saved without history}.
import { createRequire } from 'node:module'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
const [prefix, workload, runs] = process.argv.slice(2)
const A = createRequire(prefix + '/x.js')('@automerge/automerge')

const script = readFileSync(workload)
// Building takes a minute; the same workload makes the same document.
const cache = `${prefix}/${createHash('sha256').update(script).digest('hex').slice(0, 16)}.automerge`
if (!existsSync(cache)) writeFileSync(cache, build(script.toString()))
const saved = readFileSync(cache)
const times = []
for (let i = 0; i < +runs; i++) {
  const start = performance.now()
  const doc = A.load(saved)
  times.push(performance.now() - start)
  if (Object.keys(doc.sessions).length === 0) throw new Error('nothing loaded')
}
const wrap = o => Object.fromEntries(Object.entries(o).map(([k, v]) => [k, v instanceof A.ImmutableString ? new A.ImmutableString(v.toString()) : v && typeof v === 'object' ? wrap(v) : v]))
const plain = A.save(A.from(wrap(A.load(saved))))
console.log(JSON.stringify({ load: times.sort((a, b) => a - b)[times.length >> 1], bytes: saved.length, plain: plain.length }))

function build(script) {
  // By the backend's own calls: a change through the proxies copies the map of all sessions each time.
  const docs = Array.from({ length: 5 }, (_, i) => A.getBackend(A.init({ actor: '0' + (i + 1) })))
  // One root for the sessions, or each replica would make one of its own.
  const root = docs[0].putObject('_root', 'sessions', {})
  docs[0].commit()
  for (let i = 1; i < 5; i++) docs[i].merge(docs[0])
  const objects = new Map()
  for (const line of script.split('\n')) {
    if (!line) continue
    const { merge, at, uuid, kind, sets } = JSON.parse(line)
    if (merge) {
      for (const group of merge) {
        const [first, ...rest] = group
        for (const m of rest) docs[first].merge(docs[m])
        for (const m of rest) docs[m].merge(docs[first])
      }
      continue
    }
    if (kind === 'birth') objects.set(uuid, docs[at].putObject(root, uuid, {}))
    const session = objects.get(uuid)
    for (const [key, value] of sets) {
      if (value === null) docs[at].delete(session, key)
      else if (typeof value === 'number') docs[at].put(session, key, value, 'int')
      else if (typeof value === 'string') docs[at].put(session, key, value, 'str')
      else docs[at].put(session, key, value)
    }
    docs[at].commit()
  }
  return docs[0].save()
}
