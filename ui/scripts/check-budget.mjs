// Fails when what the first page loads (script and style of the entry, its static imports, the overview) is above 250 KB gzipped.
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('../../web/dist/ui/', import.meta.url))
const html = readFileSync(root + 'index.html', 'utf8')
const files = readdirSync(root + 'assets')
const seen = new Set()
function walk(name) {
  if (seen.has(name) || !files.includes(name)) return
  seen.add(name)
  if (!name.endsWith('.js')) return
  for (const [, next] of readFileSync(`${root}assets/${name}`, 'utf8').matchAll(/(?:from\s*|import\s*)"\.\/([\w.-]+\.js)"/g)) walk(next)
}
for (const [, name] of html.matchAll(/assets\/([\w.-]+\.(?:js|css))/g)) walk(name)
for (const page of ['Shell', 'Overview']) for (const f of files) if (f.startsWith(page + '-')) walk(f)
for (const f of files) if (/^en-.*\.js$/.test(f)) walk(f)
// styles of lazily loaded parts come with them
for (const js of [...seen]) for (const f of files) if (f.endsWith('.css') && f.split('-')[0] === js.split('-')[0]) seen.add(f)

let sum = 0
for (const name of seen) sum += gzipSync(readFileSync(`${root}assets/${name}`), { level: 9 }).length
const kb = (sum / 1024).toFixed(1)
if (/<script(?![^>]*src=)[^>]*>|\sstyle=/.test(html)) throw new Error('index.html has an inline script or style')
for (const f of files) if (/\.(js|css)$/.test(f) && /(?:src|url)\s*[=(]\s*["']?https?:\/\//.test(readFileSync(`${root}assets/${f}`, 'utf8'))) throw new Error(`${f} loads from another host`)
console.log(`first page: ${kb} KB gzipped in ${seen.size} files (fonts not counted)`)
if (sum > 250 * 1024) throw new Error('the first page is above its 250 KB')
