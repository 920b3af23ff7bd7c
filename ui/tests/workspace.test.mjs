// Opens the built pages in a browser, under the server's own content policy, with invented answers: no error in the
// console, nothing wider than the window, targets of 44 pixels on phones, in three languages.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const port = 18471
const base = `http://127.0.0.1:${port}`
const op = '/o/sarafan'
const pages = { overview: `${op}/overview`, records: `${op}/records`, record: `${op}/records/0199aa00-0000-7000-8000-000000000000`, review: `${op}/review`, start: '/start' }
let server, browser

before(async () => {
  server = spawn(process.execPath, [fileURLToPath(new URL('../dev/serve.mjs', import.meta.url))], { env: { ...process.env, PORT: String(port) } })
  for (let n = 0; n < 50; n++) {
    if (await fetch(base + '/w/session').then(() => true, () => false)) break
    await new Promise((r) => setTimeout(r, 100))
  }
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-3d-apis'] })
})
after(async () => { await browser?.close(); server?.kill() })

async function open(lang, width, path) {
  const context = await browser.newContext({ viewport: { width, height: width > 500 ? 900 : 844 } })
  await context.addInitScript((l) => localStorage.setItem('safar.language', l), lang)
  const page = await context.newPage()
  const faults = []
  page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') faults.push(m.text()) })
  page.on('pageerror', (e) => faults.push(e.message))
  page.on('request', (r) => { if (!r.url().startsWith(base) && !r.url().startsWith('data:')) faults.push(`asks ${r.url()}`) })
  await page.goto(base + path)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.waitForTimeout(400)
  return { context, page, faults }
}

for (const lang of ['en', 'ru', 'ar']) for (const width of [1280, 390]) test(`pages in ${lang} at ${width}`, async () => {
  for (const [name, path] of Object.entries(pages)) {
    const { context, page, faults } = await open(lang, width, path)
    assert.deepEqual(faults, [], name)
    assert.equal(await page.evaluate(() => document.documentElement.dir), lang === 'ar' ? 'rtl' : 'ltr')
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${name} is wider than the window`)
    const nameless = await page.evaluate(() => [...document.querySelectorAll('button, a[href], input, select, textarea')].filter((e) => e.checkVisibility() && !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length || e.title)).map((e) => e.outerHTML.slice(0, 120)))
    assert.deepEqual(nameless, [], `${name} has controls without a name`)
    if (width === 390) {
      const small = await page.evaluate(() => [...document.querySelectorAll('.btn, .tabs a, .input, .top button')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().height > 0 && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML.slice(0, 120)))
      assert.deepEqual(small, [], `${name} has small targets`)
    }
    await context.close()
  }
})

test('a correction survives a reload and leaves the queue', async () => {
  const { context, page, faults } = await open('en', 1280, pages.review)
  await page.locator('.eg').waitFor()
  const count = await page.locator('.it').count()
  await page.keyboard.press('c')
  await page.locator('.form input').first().fill('48')
  await page.locator('.form select').selectOption('typo')
  await page.reload()
  await page.locator('.eg').waitFor()
  await page.keyboard.press('c')
  assert.equal(await page.locator('.form input').first().inputValue(), '48')
  await page.locator('.form button[type=submit]').click()
  await page.locator('.said').waitFor()
  assert.ok(await page.locator('.it').count() < count)
  assert.deepEqual(faults, [])
  await context.close()
})

test('100,000 records scroll', async () => {
  const { context, page, faults } = await open('en', 1280, pages.records)
  await page.locator('[data-row]').first().focus()
  for (let n = 0; n < 8; n++) { await page.keyboard.press('End'); await page.waitForTimeout(150) }
  assert.ok(await page.locator('[data-row]').count() < 120, 'only what is seen is drawn')
  assert.ok(Number(await page.locator('[data-row]').last().getAttribute('data-row')) > 800, 'further pages were read')
  assert.deepEqual(faults, [])
  await context.close()
})
