// A small stand-in for the server while pages are drawn: invented answers in the shapes of docs/api.md. Not shipped.
import { createServer } from 'node:http'
import { readFileSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../../web/dist/ui', import.meta.url))
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.html': 'text/html' }

const rnd = ((s) => () => (s = (s * 16807) % 2147483647) / 2147483647)(7)
const W = 6, H = 4
const corner = new Map()
const at = (i, j) => { const k = `${i},${j}`; if (!corner.has(k)) corner.set(k, [60 + i * 1.3 + (rnd() - 0.5) * 0.5, 40 + j * 1.1 + (rnd() - 0.5) * 0.4]); return corner.get(k) }
const edges = new Map()
function edge(a, b) {
  const k = [a, b].map(String).sort().join('|')
  if (!edges.has(k)) {
    const [p, q] = String(a) < String(b) ? [a, b] : [b, a], line = []
    for (let n = 0; n <= 8; n++) { const f = n / 8, w = n % 8 ? 0.07 : 0; line.push([p[0] + (q[0] - p[0]) * f + (rnd() - 0.5) * w * 2, p[1] + (q[1] - p[1]) * f + (rnd() - 0.5) * w * 2]) }
    edges.set(k, line)
  }
  const line = edges.get(k)
  return line[0][0] === a[0] && line[0][1] === a[1] ? line : [...line].reverse()
}
const ring = (i, j, w = 1, h = 1) => { const c = []; for (let n = 0; n < w; n++) c.push(at(i + n, j)); for (let n = 0; n < h; n++) c.push(at(i + w, j + n)); for (let n = 0; n < w; n++) c.push(at(i + w - n, j + h)); for (let n = 0; n < h; n++) c.push(at(i, j + h - n)); return c.flatMap((p, n) => edge(p, c[(n + 1) % c.length]).slice(0, -1)).concat([c[0]]) }
const names = ['Ilmora', 'Bolduk', 'Sarivan', 'Tesgara', 'Norvand', 'Zarvand', 'Ashzan', 'Parkut']
const ru = ['Илмора', 'Болдук', 'Сариван', 'Тесгара', 'Норванд', 'Зарванд', 'Ашзан', 'Паркут']
const ar = ['إلمورا', 'بولدوك', 'ساريفان', 'تسغارا', 'نورفاند', 'زرفاند', 'أشزان', 'باركوت']
const text = (i, tail = '') => ({ en: names[i % 8] + tail, ru: ru[i % 8] + tail, ar: ar[i % 8] + tail })
const adm1 = [[0, 0], [2, 0], [4, 0], [0, 2], [2, 2], [4, 2]].map(([i, j], n) => ({ code: `XSF0${n + 1}`, name: text(n), parent: 'XSF', level: 1, point: null, geometry: { type: 'MultiPolygon', coordinates: [[ring(i, j, 2, 2)]] } }))
const adm2 = []
for (let j = 0; j < H; j++) for (let i = 0; i < W; i++) { const p = (i >> 1) + 3 * (j >> 1); adm2.push({ code: `XSF0${p + 1}0${(i & 1) + 2 * (j & 1) + 1}`, name: text(i + j, ` ${i + 1}${j + 1}`), parent: `XSF0${p + 1}`, level: 2, point: null, geometry: { type: 'MultiPolygon', coordinates: [[ring(i, j)]] } }) }
const op = { slug: 'sarafan', title: 'Sarafan practice operation', country: 'XSF', time_zone: 'Asia/Dushanbe', status: 'active', practice: true }
const rounds = [1, 2, 3].map((n) => ({ number: n, label: '', start: `2026-0${n * 3 - 2}-01`, end: n === 3 ? '2026-12-04' : `2026-0${n * 3}-30`, reference_date: '', status: n === 3 ? 'collecting' : 'published', counting: 560 + n * 10 }))
const activities = [
  { id: 'baseline-mobility', tool: 'baseline-mobility', version: '1.0', title: { en: 'Baseline mobility assessment', ru: 'Базовая оценка мобильности', ar: 'التقييم الأساسي للتنقل' }, unit: 'site', purpose: {}, api: '', rounds },
  { id: 'flow-registry', tool: 'flow-registry', version: '1.0', title: { en: 'Flow registry', ru: 'Учёт потоков', ar: 'سجل التدفقات' }, unit: 'point', purpose: {}, api: '', rounds: [] },
]
const level = (n) => (n % 9 === 0 ? { B: 1 } : n % 5 === 0 ? { W: 2 } : n % 7 === 0 ? { F: 1 } : {})
const row = (n) => { const a = adm2[n % 24]; const d = new Date(Date.now() - n * 11 * 60e3).toISOString(); return { id: `0199aa00-0000-7000-8000-${String(n).padStart(12, '0')}`, record: `0199aa00-0000-7000-8000-${String(n).padStart(12, '0')}`, received_at: d, at: d, activity: 'baseline-mobility', round: 3, form: 'safar_baseline_mobility', state: n % 41 === 40 ? 'conflicting' : 'received', counts: n % 41 !== 40, date: d.slice(0, 10), unit: `S${1000 + n}`, name: `${names[n % 8]} ${n}`, names: text(n, ` ${n}`), area: a.code, area_name: a.name.en, area_names: a.name, source: n % 6 ? 'device' : 'import', device: `d${n % 9}`, device_name: `Phone ${n % 9}`, corrections: n % 13 === 0 ? 1 : 0, findings: level(n) } }
const N = 100000
const measures = [['idp.ind', 'Internally displaced people', 'Внутренне перемещённые лица', 'النازحون داخليا', 38240, 36010], ['returnee.ind', 'Returned migrants', 'Вернувшиеся мигранты', 'المهاجرون العائدون', 175115, 177600], ['idp.hh', 'Displaced households', 'Перемещённые домохозяйства', 'الأسر النازحة', 7514, 7300], ['site.share', 'Sites with water nearby', 'Места с водой рядом', 'مواقع بها ماء قريب', 0.63, 0.61]]
const overview = { round: rounds[2], headline: measures.map(([id, en, r, a, v, b], i) => ({ measure: id, title: { en, ru: r, ar: a }, unit: i === 3 ? '' : i === 2 ? 'hh' : 'ind', kind: i === 3 ? 'share' : 'stock', value: v, n: 560 - i * 9, missing: i * 12, carried: i === 1 ? 14 : 0, previous: { round: 2, value: b }, common: i === 2 ? undefined : { units: 502, before: b, now: v } })), records: { received: 1050, conflicting: 4, waiting: 3 }, counting: 1050, findings: { B: 12, W: 37, F: 60 },
  coverage: [{ area: '', name: '', targeted: 1219, assessed: 1050, inaccessible: 20, new: 30, carried: 14, not_visited: 149 }, ...adm1.map((a, n) => ({ area: a.code, name: a.name.en, names: a.name, targeted: n === 5 ? 0 : 184 + n * 20, assessed: n === 5 ? 0 : 103 + n * 34, inaccessible: n, new: 3, carried: 2, not_visited: 80 - n * 13 }))], arrivals: Array.from({ length: 10 }, (_, n) => row(n)), todo: [{ kind: 'findings', count: 12, level: 'B' }, { kind: 'findings', count: 37, level: 'W' }, { kind: 'not_visited', count: 149, level: 'W' }, { kind: 'conflicting', count: 4, level: 'W' }] }
const checks = [['jump', 'B', 'Return migrants rose tenfold since the round before', 'Вернувшихся мигрантов стало в десять раз больше, чем в прошлом раунде', 'ارتفع عدد العائدين عشرة أضعاف منذ الجولة السابقة'], ['short', 'W', 'The interview took less than ten minutes', 'Интервью заняло меньше десяти минут', 'استغرقت المقابلة أقل من عشر دقائق'], ['other', 'F', 'The text under "other" matches a choice', 'Текст в поле «другое» совпадает с вариантом', 'النص تحت «أخرى» يطابق خيارا']]
let findings = Array.from({ length: 49 }, (_, n) => { const c = checks[n < 12 ? 0 : n < 30 ? 1 : 2]; const r = row(n * 3); return { id: `f${n}`, record: r.id, unit: r.unit, name: r.name, check: c[0], level: c[1], path: '/data/returns/ret_total', message: { en: c[2], ru: c[3], ar: c[4] }, details: n < 12 ? { before: String(40 + n), value: String(400 + n * 10) } : {}, state: 'open', by: '', at: r.at, comment: '' } })
const answer = (q, en, r, a, type, value, extra = {}) => ({ path: `/data/returns/${q}`, question: q, label: { en, ru: r, ar: a }, type, original: value, value, corrected: false, identity: false, findings: [], ...extra })
const record = (id) => { const n = Number(id.slice(-6)) || 0, r = row(n); return { record: { ...r, id, record: id, form_version: '2026112201', version: 1, state_reason: '', instance_id: 'uuid:1', original: 'e0b291fd4c7a'.repeat(5) }, form: { id: 'safar_baseline_mobility', version: '2026112201', title: activities[0].title }, groups: [{ label: { en: 'Place', ru: 'Место', ar: 'المكان' }, path: '/data/place', repeat: '', number: 0, answers: [answer('site', 'Settlement', 'Населённый пункт', 'التجمع السكني', 'select one', r.unit, { path: '/data/place/site', shown: r.names }), answer('informant', 'Name of the key informant', 'Имя ключевого информанта', 'اسم المخبر الرئيسي', 'text', '', { path: '/data/place/informant', identity: true })] }, { label: { en: 'Return migrants', ru: 'Вернувшиеся мигранты', ar: 'المهاجرون العائدون' }, path: '/data/returns', repeat: '', number: 0, answers: [answer('ret_total', 'Return migrants, total', 'Вернувшиеся мигранты, всего', 'المهاجرون العائدون، المجموع', 'integer', '460', { findings: findings.some((f) => f.id === 'f0' && f.state === 'open') ? ['f0'] : [] }), answer('ret_female', 'of them women', 'из них женщины', 'منهم نساء', 'integer', '19'), answer('ret_male', 'of them men', 'из них мужчины', 'منهم رجال', 'integer', '29', { original: '290', corrected: true }), answer('reason', 'Main reason of return', 'Главная причина возвращения', 'السبب الرئيسي للعودة', 'select one', 'work_ended', { shown: { en: 'Work ended', ru: 'Работа закончилась', ar: 'انتهى العمل' }, choices: [{ code: 'work_ended', label: { en: 'Work ended' } }, { code: 'family', label: { en: 'Family' } }] })] }], corrections: [{ id: 'c1', path: '/data/returns/ret_male', question: 'ret_male', old: '290', new: '29', reason: 'typo', comment: 'Called the village head.', finding: '', by: 'person:rana', at: r.at }], findings: findings.filter((f) => f.id === 'f0').map((f) => ({ ...f, record: id })), attachments: [], journal: [{ seq: 91, at: r.at, actor: 'device:d1', kind: 'record.received', subject: id }, { seq: 104, at: r.at, actor: 'person:rana', kind: 'record.corrected', subject: id }], place: { areas: [{ code: 'XSF', name: 'Sarafan', level: 0 }, { code: 'XSF03', name: names[2], names: text(2), level: 1 }, { code: r.area, name: r.area_name, names: r.area_names, level: 2 }], site: r.unit, point: '', name: r.name, names: r.names, at: [41.2, 64.6], how: 'code' }, counts_in: [{ measure: 'returnee.ind', title: overview.headline[1].title, value: 460, unit: 'ind' }], versions: [{ id, version: 1, state: 'received', received_at: r.at }] } }
const session = { person: { name: 'Rana Temsher', role: 'officer' }, verbs: ['operation.manage', 'place.manage', 'form.manage', 'device.manage', 'people.manage', 'record.read', 'record.correct', 'record.import', 'figures.read', 'round.manage', 'release.build', 'release.read'], operations: process.env.EMPTY ? [] : [op] }
let inside = !process.env.OUT
const clients = new Set()
const tools = [['baseline-area', 'Baseline area assessment', 'How many displaced people and returnees are in each area?'], ['baseline-mobility', 'Baseline mobility assessment', 'Who moved from and to each community, and why?'], ['flow-registry', 'Flow registry', 'Who passes a point, from where and to where?']].map(([id, en, purpose]) => ({ id, version: '1.0', title: { en }, purpose: { en: purpose }, respondent: { en: 'Key informants' }, frequency: { en: 'Every three months' }, method: {}, limitations: {}, forms: [] }))

createServer(async (req, res) => {
  const url = new URL(req.url, 'http://x'), q = url.searchParams, path = url.pathname
  let body = ''
  for await (const part of req) body += part
  const send = (value, status = 200) => { res.writeHead(status, { 'Content-Type': 'application/json' }); res.end(status === 204 ? '' : JSON.stringify(value)) }
  if (!path.startsWith('/w/')) { // the built pages under the server's policy
    let file = built + path
    try { if (!statSync(file).isFile()) throw 0 } catch { file = built + '/index.html' }
    res.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy })
    return res.end(readFileSync(file))
  }
  if (path === '/w/news') { res.writeHead(200, { 'Content-Type': 'text/event-stream' }); res.write(':\n\n'); clients.add(res); req.on('close', () => clients.delete(res)); return }
  if (path === '/w/session') { if (req.method === 'POST') { const p = JSON.parse(body); if (p.password === 'wrong') return send({ code: 'x' }, 401); inside = true } if (req.method === 'DELETE') { inside = false; return send(null, 204) } return inside ? send(session) : send({ code: 'session.none', message: 'Nobody is signed in' }, 401) }
  if (q.get('fail') || path.includes('failing')) return send({ code: 'internal.error', message: 'Something failed', reference: 'ab12' }, 500)
  if (path === '/w/tools') return send(tools)
  if (path === '/w/operations') { session.operations = [op]; return send(op) }
  if (path === `/w/${op.slug}`) return send({ operation: op, activities, reasons: ['typo', 'recode_other', 'unit', 'gps', 'other'] })
  if (path.endsWith('/overview')) return send(overview)
  if (path.endsWith('/areas')) return send({ country: 'XSF', level: Number(q.get('level')), levels: ['adm0', 'adm1', 'adm2'], features: q.get('level') === '2' ? adm2 : adm1 })
  if (path.endsWith('/figures')) { const by = q.get('by'); return send({ operation: op.slug, activity: 'baseline-mobility', round: 3, reference_date: '2026-09-30', by: [by], rows: (by === 'adm2' ? adm2 : adm1).slice(by === 'adm2' ? 2 : 0).map((a, n) => ({ measure: q.get('measure'), unit: 'ind', by: [a.code], names: [a.name.en], value: Math.round(900 * ((n * 7) % 11) + 40), n: 20, missing: 1, carried: 0 })) }) }
  if (path.endsWith('/measures')) return send({ measures: measures.map(([id, en, r, a]) => ({ id, title: { en, ru: r, ar: a }, unit: 'ind', kind: 'stock', agg: 'sum', definition: {} })), dimensions: [] })
  if (/\/records\/[^/]+$/.test(path)) return send(record(path.split('/').pop()))
  if (path.endsWith('/corrections') || path.endsWith('/decision')) { findings = findings.map((f) => f.record === path.split('/').at(-2) ? { ...f, state: 'answered' } : f); return send({ id: 'c9' }) }
  if (path.endsWith('/records')) { const a = Number(q.get('after') || 0), limit = Number(q.get('limit') || 100), rows = []; let n = a; while (rows.length < limit && n < N) { const r = row(n++); if ((!q.get('state') || r.state === q.get('state')) && (!q.get('area') || r.area.startsWith(q.get('area'))) && (!q.get('search') || (r.name + r.unit).toLowerCase().includes(q.get('search').toLowerCase()))) { if (q.get('columns')) r.values = Object.fromEntries(q.get('columns').split(',').map((c) => [c, String(n % 97)])); rows.push(r) } } return send({ rows, next: n < N ? String(n) : '' }) }
  if (/\/findings\/[^/]+$/.test(path)) { const id = path.split('/').pop(); findings = findings.map((f) => f.id === id ? { ...f, state: 'accepted' } : f); return send(null, 204) }
  if (path.endsWith('/findings')) { const open = findings.filter((f) => f.state === 'open' && (!q.get('level') || f.level === q.get('level')) && (!q.get('check') || f.check === q.get('check'))); const all = findings.filter((f) => f.state === 'open'); return send({ rows: open, next: '', counts: { B: all.filter((f) => f.level === 'B').length, W: all.filter((f) => f.level === 'W').length, F: all.filter((f) => f.level === 'F').length }, by_check: checks.map((c) => ({ check: c[0], level: c[1], count: all.filter((f) => f.check === c[0]).length, message: { en: c[2], ru: c[3], ar: c[4] } })).filter((c) => c.count) }) }
  if (path.endsWith('/search')) return send([{ kind: 'place', id: 'XSF01', title: 'Ilmora', detail: 'XSF01', link: '' }, { kind: 'record', id: row(4).id, title: row(4).name, detail: 'round 3', link: '' }])
  send({ code: 'web.nopage', message: 'There is no such page' }, 404)
}).listen(Number(process.env.PORT ?? 8471), '127.0.0.1')
setInterval(() => { for (const c of clients) c.write(`data: ${JSON.stringify({ operation: op.slug, kind: 'tick', subject: '', detail: null })}\n\n`) }, 15000)
