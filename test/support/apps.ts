// The built apps, served from a world of the test's own and opened in a real browser.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { DEMO_IDENTITIES, type DemoIdentity } from '../../server/session/demo'
import { filmOf, launchChromium } from './chromium'
import type { Picture } from './paper'
import { serveWorld, type World } from './world'

export const PHONE = { width: 390, height: 844 }
export const DESK = { width: 1440, height: 900 }

export type Somebody = { personId: string; kindWord: string; app: 'phone' | 'admin' }

/** Serves the world with its apps; whoever is listed can be chosen on the login pages. */
export async function openApps(
  world: World,
  somebodies: readonly Somebody[],
  options: { cameraFile?: string; keepsShell?: boolean } = {},
) {
  const identities: DemoIdentity[] = somebodies.map(({ personId, kindWord, app }) => ({
    id: personId,
    kind: kindWord,
    kindWord,
    regionName: world.places.village.name,
    app,
  }))
  await world.db.meta.create({ data: { key: DEMO_IDENTITIES, value: JSON.stringify(identities) } })
  const served = await serveWorld(world)
  const browser: Browser = await launchChromium(options)
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await keepPictures(browser)
    await browser.close()
  })
  const problems: string[] = []

  async function context(
    viewport: { width: number; height: number },
    place: { latitude: number; longitude: number } | null,
  ): Promise<BrowserContext> {
    const opened = await browser.newContext({
      viewport,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      // a worker between page and network hides what tests cut off; one test is about it
      serviceWorkers: options.keepsShell === true ? 'allow' : 'block',
      permissions: place === null ? ['camera'] : ['geolocation', 'camera'],
      ...(place === null ? {} : { geolocation: { ...place, accuracy: 10 } }),
    })
    await opened.clock.setFixedTime(world.clock.now) // the world's day, whatever day it is where the test runs
    opened.on('weberror', (error) => problems.push(error.error().message))
    return opened
  }

  /** A phone of its own, logged in as somebody. */
  async function phone(kindWord: string, place: { latitude: number; longitude: number } | null = null): Promise<Page> {
    const page = await (await context(PHONE, place)).newPage()
    await page.goto(served.base)
    await page
      .getByRole('link', { name: new RegExp(kindWord) })
      .first()
      .click()
    return page
  }

  /** A desk of its own, logged in as somebody. */
  async function desk(kindWord: string): Promise<Page> {
    const page = await (await context(DESK, null)).newPage()
    await page.goto(`${served.base}/admin/`)
    await page
      .getByRole('button', { name: new RegExp(kindWord) })
      .first()
      .click()
    return page
  }
  return { ...served, browser, context, phone, desk, problems }
}

/** A test that fails shows what was on the screens; where MULIN_SHOTS names a folder, that is. */
async function keepPictures(browser: Browser): Promise<void> {
  const keep = shooter('screen')
  const pages = browser.contexts().flatMap((one) => one.pages())
  for (const [index, page] of pages.entries()) await keep(page, String(index + 1))
}

/** Keeps what a test shows for whoever wants to look, as `<of>-<name>.png`: `MULIN_SHOTS=/folder`. */
export function shooter(of: string, options: { fullPage?: boolean } = {}) {
  return async (page: Page, name: string): Promise<void> => {
    const folder = process.env.MULIN_SHOTS
    if (folder === undefined) return
    mkdirSync(folder, { recursive: true })
    await page.screenshot({ path: join(folder, `${of}-${name}.png`), ...options })
  }
}

/** What a camera sees when it is held in front of a picture: a film for Chromium's fake camera. */
export function cameraBefore(picture: Picture): string {
  const folder = mkdtempSync(join(tmpdir(), 'mulin-camera-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const still = join(folder, 'plate.ppm')
  const pixels = Buffer.alloc(picture.width * picture.height * 3)
  for (let place = 0; place < picture.width * picture.height; place++)
    for (let colour = 0; colour < 3; colour++) pixels[place * 3 + colour] = picture.data[place * 4 + colour] ?? 255
  writeFileSync(still, Buffer.concat([Buffer.from(`P6\n${picture.width} ${picture.height}\n255\n`), pixels]))
  const film = join(folder, 'plate.mjpeg')
  filmOf(still, film)
  return film
}
