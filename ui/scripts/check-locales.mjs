// Fails when a catalogue lacks a key, has one too many, loses a placeholder or a plural form, when the code uses a key
// that no catalogue has, or when the keys are not sorted. `--sort` writes the files sorted.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../src/', import.meta.url))
const folder = root + 'locales/'
const forms = {
  en: ['one', 'other'], ru: ['one', 'few', 'many', 'other'], ar: ['zero', 'one', 'two', 'few', 'many', 'other'],
  tg: ['one', 'other'], kk: ['one', 'other'], fr: ['one', 'many', 'other'], es: ['one', 'many', 'other'],
}
const all = ['zero', 'one', 'two', 'few', 'many', 'other']
const faults = []

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0)
function read(code) {
  const text = readFileSync(`${folder}${code}.json`, 'utf8')
  const catalogue = JSON.parse(text)
  const keys = Object.keys(catalogue)
  const lines = text.split('\n').filter((l) => /^\s*"/.test(l)).length
  if (lines !== keys.length) faults.push(`${code}: a key stands there twice, or two on one line`)
  const sorted = Object.fromEntries(keys.toSorted(order).map((k) => [k, catalogue[k]]))
  const wanted = JSON.stringify(sorted, null, 2) + '\n'
  if (process.argv.includes('--sort')) writeFileSync(`${folder}${code}.json`, wanted)
  else if (wanted !== text) faults.push(`${code}: keys are not sorted; run npm run locales -- --sort`)
  return catalogue
}

const codes = readdirSync(folder).filter((f) => f.endsWith('.json')).map((f) => f.slice(0, -5))
const catalogues = Object.fromEntries(codes.map((c) => [c, read(c)]))
const en = catalogues.en
const isPlural = (key) => all.some((f) => key.endsWith('.' + f)) && (key.replace(/\.\w+$/, '.other') in en) && (key.replace(/\.\w+$/, '.one') in en)
const bases = new Set(Object.keys(en).filter(isPlural).map((k) => k.replace(/\.\w+$/, '')))
const plain = Object.keys(en).filter((k) => !isPlural(k))
const names = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join()

for (const code of codes) {
  const catalogue = catalogues[code]
  const needed = new Set([...plain, ...[...bases].flatMap((b) => forms[code].map((f) => `${b}.${f}`))])
  for (const key of needed) if (!catalogue[key]?.trim()) faults.push(`${code}: ${key} is missing`)
  for (const key of Object.keys(catalogue)) if (!needed.has(key)) faults.push(`${code}: ${key} is in no English catalogue`)
  for (const key of plain) if (catalogue[key] && names(catalogue[key]) !== names(en[key])) faults.push(`${code}: ${key} has other placeholders than English`)
}

function sources(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => e.isDirectory() ? sources(`${dir}${e.name}/`) : /\.(vue|ts)$/.test(e.name) ? [dir + e.name] : [])
}
const text = sources(root).map((f) => [f.slice(root.length), readFileSync(f, 'utf8')])
for (const [file, code] of text) {
  for (const [, key] of code.matchAll(/\bt\(\s*'([\w.-]+)'/g)) if (!(key in en)) faults.push(`${file} uses ${key}, which is in no catalogue`)
  for (const [, key] of code.matchAll(/\bplural\(\s*'([\w.-]+)'/g)) if (!bases.has(key)) faults.push(`${file} uses the plural ${key}, which is in no catalogue`)
}

if (faults.length) {
  console.error(faults.slice(0, 3000).join('\n'))
  console.error(`${faults.length} faults in the catalogues`)
  process.exit(1)
}
console.log(`catalogues: ${codes.join(' ')}; ${plain.length} texts and ${bases.size} plurals`)
