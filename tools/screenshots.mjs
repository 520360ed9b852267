#!/usr/bin/env node
// `npm run screenshots`: the pages people ask about, from a demonstration of its own, into docs/screenshots/.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { register } from 'tsx/esm/api'
import { bootstrap, buildIfStale, root } from './bootstrap.mjs'

const PHONE = { width: 390, height: 844 }
const DESK = { width: 1440, height: 900 }
const SEEDED_WITHIN_MS = 240_000
const out = join(root, 'docs/screenshots')

bootstrap()
for (const app of ['h5', 'admin']) buildIfStale(app)
register()
const { launchChromium } = await import('../test/support/chromium.ts')
mkdirSync(out, { recursive: true })

const folder = mkdtempSync(join(tmpdir(), 'mulin-screenshots-'))
const server = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
  cwd: root,
  env: { ...process.env, PORT: '0', DATABASE_URL: `file:${join(folder, 'demo.db')}` },
  stdio: ['ignore', 'pipe', 'inherit'],
})
let browser
try {
  const { base, plate } = await announced()
  browser = await launchChromium()
  await volunteerPages(base, plate)
  await elderPages(base)
  await adminPages(base)
} finally {
  await browser?.close()
  const gone = new Promise((resolve) => server.once('exit', resolve))
  if (server.exitCode === null && server.kill()) await gone
  rmSync(folder, { recursive: true, force: true })
}

/** Where the server is and which plate may be typed: it says so itself once the demonstration is there. */
function announced() {
  return new Promise((resolve, reject) => {
    let said = ''
    const late = setTimeout(() => reject(new Error(`the server isn't up:\n${said}`)), SEEDED_WITHIN_MS)
    server.stdout.setEncoding('utf8').on('data', (text) => {
      said += text
      const base = /手机端\s+(http\S+?)\/\n/.exec(said)?.[1]
      const plate = /这块牌子的编号：(\S+)/.exec(said)?.[1]
      if (base === undefined || plate === undefined) return
      clearTimeout(late)
      resolve({ base, plate })
    })
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)))
  })
}

async function newPage(viewport) {
  const context = await browser.newContext({
    viewport,
    deviceScaleFactor: 1,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  })
  return context.newPage()
}

async function phoneAs(base, kindWord) {
  const page = await newPage(PHONE)
  await page.goto(base)
  await page.getByText(kindWord, { exact: true }).waitFor()
  await page
    .getByRole('link', { name: new RegExp(`^${kindWord}`) })
    .first()
    .click()
  return page
}

/** The picture is taken once nothing is under way any more. */
async function shoot(page, name) {
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(400)
  await page.screenshot({ path: join(out, `${name}.png`), animations: 'disabled' })
  console.log(`docs/screenshots/${name}.png`)
}

async function open(page, base, path, words) {
  await page.goto(`${base}/#${path}`)
  await page.getByText(words).filter({ visible: true }).first().waitFor()
}

async function volunteerPages(base, plate) {
  const page = await phoneAs(base, '志愿者')
  await page.getByText('扫一扫，开始帮忙').filter({ visible: true }).first().waitFor()
  await shoot(page, 'phone-home')
  await open(page, base, '/visit/mine', '服务记录')
  await page
    .getByRole('link', { name: /已到账|等老人/ })
    .first()
    .click()
  await page.getByText('记录详情').filter({ visible: true }).first().waitFor()
  const id = /id=([^&]+)/.exec(page.url())?.[1]
  await open(page, base, `/visit/summary?id=${id}`, '辛苦了')
  await shoot(page, 'phone-summary')
  await open(page, base, '/ledger/points', '明细')
  await shoot(page, 'phone-points')
  await open(page, base, '/redemption/catalogue', '可以用')
  await page
    .getByRole('button', { name: /^换.+分$/ })
    .first()
    .click()
  await page.getByRole('button', { name: '就换这个', exact: true }).click()
  await page.getByText('扫不了就念这 8 个数字').filter({ visible: true }).first().waitFor()
  await shoot(page, 'phone-code')
  await open(page, base, `/plate/code?q=${encodeURIComponent(plate)}`, '扫码结果')
  await page.getByRole('button', { name: '开始帮忙', exact: true }).waitFor()
  await shoot(page, 'phone-scan-result')
  await page.getByRole('button', { name: '开始帮忙', exact: true }).click()
  await page.getByText('帮完了').filter({ visible: true }).first().waitFor()
  await shoot(page, 'phone-in-service')
}

async function elderPages(base) {
  const page = await phoneAs(base, '老人')
  await page.getByText('字的大小').filter({ visible: true }).first().waitFor()
  await shoot(page, 'elder-home')
  await page.getByRole('button', { name: /^请确认/ }).click()
  await page.getByText('记不清，请社区来问').filter({ visible: true }).first().waitFor()
  await shoot(page, 'elder-confirm')
}

async function adminPages(base) {
  const page = await newPage(DESK)
  await page.goto(`${base}/admin/`)
  await page
    .getByRole('button', { name: /镇街审核员/ })
    .first()
    .click()
  await page.waitForURL((url) => !url.pathname.endsWith('/login'))
  for (const [name, path] of Object.entries({ dashboard: '', audit: 'audit', coverage: 'coverage', hours: 'hours' })) {
    await page.goto(`${base}/admin/${path}`)
    await page.getByRole('heading').first().waitFor()
    await shoot(page, `admin-${name}`)
  }
}
