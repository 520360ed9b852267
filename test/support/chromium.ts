// A Chromium for the tests, looked for on this machine and installed where that can be done; never skipped in silence.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Without a GPU, a sandbox (root in a container has none) or any call home. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

export interface ChromiumOptions {
  /** A film a camera would see: an .mjpeg file by its absolute path. */
  cameraFile?: string
}

/** Starts a headless Chromium; whoever started it closes it. */
export async function launchChromium({ cameraFile }: ChromiumOptions = {}): Promise<Browser> {
  const camera = cameraFile
    ? [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${cameraFile}`,
      ]
    : []
  return chromium.launch({ executablePath: findChromium(), headless: true, args: [...FLAGS, ...camera] })
}

/**
 * Films a picture for the fake camera: a still of a few seconds that Chromium plays again and again.
 *
 * @param picture a PNG or JPEG, best 640 by 480
 * @param film where to write the .mjpeg, by its absolute path
 */
export function filmOf(picture: string, film: string): void {
  const made = filmWith(picture, film)
  if (made.error && canInstall()) install('ffmpeg')
  const { status, error, stderr } = made.error ? filmWith(picture, film) : made
  if (status !== 0) throw new Error(`ffmpeg is needed to show a picture to the camera: ${error?.message ?? stderr}`)
}

function filmWith(picture: string, film: string) {
  const scale = 'scale=640:480:force_original_aspect_ratio=decrease,pad=640:480:(ow-iw)/2:(oh-ih)/2:white'
  const input = ['-y', '-loglevel', 'error', '-loop', '1', '-framerate', '10', '-t', '3', '-i', picture]
  const output = ['-vf', scale, '-pix_fmt', 'yuvj420p', '-c:v', 'mjpeg', '-q:v', '3', '-f', 'mjpeg', film]
  return spawnSync('ffmpeg', [...input, ...output], { encoding: 'utf8' })
}

/** The path of a Chromium; the first call may install one. */
export function findChromium(): string {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (existsSync(named)) return named
    throw new Error(`CHROMIUM_PATH names ${named}, which isn't there`)
  }
  const found = USUAL_PLACES.find(existsSync) ?? playwrightsOwn()
  if (found) return found
  console.log('No Chromium here; installing one')
  if (canInstall()) install('chromium', 'fonts-noto-cjk', 'ffmpeg')
  else
    spawnSync(process.execPath, [join(root, 'node_modules/playwright-core/cli.js'), 'install', 'chromium'], {
      stdio: 'inherit',
    })
  const installed = USUAL_PLACES.find(existsSync) ?? playwrightsOwn()
  if (installed) return installed
  throw new Error('The browser tests need a Chromium: install one, or set CHROMIUM_PATH')
}

function playwrightsOwn(): string | undefined {
  const path = chromium.executablePath()
  return path && existsSync(path) ? path : undefined
}

const canInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

function install(...packages: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-q'], { stdio: 'ignore', env })
  spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { stdio: 'inherit', env })
}
