// Takes pictures of pages: node dev/look.mjs BASE OUT lang:width:path ...
import { chromium } from 'playwright-core'

const [base, out, ...wanted] = process.argv.slice(2)
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
for (const spec of wanted) {
  const [lang, width, path, name, ...acts] = spec.split(':')
  const context = await browser.newContext({ viewport: { width: Number(width), height: width > 500 ? 900 : 844 }, deviceScaleFactor: 1, locale: lang, storageState: process.env.STATE || undefined })
  await context.addInitScript((l) => localStorage.setItem('safar.language', l), lang)
  if (process.env.AS) await context.request.post(base + '/w/session', { headers: { 'X-Safar': '1' }, data: { name: process.env.AS, password: process.env.PASSWORD ?? 'practice-safar' } })
  const page = await context.newPage()
  page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') console.log(`[${spec}]`, m.text()) })
  page.on('pageerror', (e) => console.log(`[${spec}] page error`, e.message))
  await page.goto(base + path, { waitUntil: 'domcontentloaded' })
  await page.waitForTimeout(Number(process.env.WAIT ?? 1500))
  for (const act of acts) { await page.keyboard.press(act); await page.waitForTimeout(400) }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (wide > 0) console.log(`[${spec}] the page is ${wide} px too wide`)
  await page.screenshot({ path: `${out}/${name ?? path.replaceAll('/', '_')}-${lang}-${width}.png`, fullPage: !!process.env.FULL })
  await context.close()
}
await browser.close()
