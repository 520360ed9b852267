// WeChat's own compilers of templates and styles, as its developer tool runs them.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Bundle, filesOf, readText } from './bundle'

const require = createRequire(import.meta.url)
const FOLDERS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'mac', win32: 'windows' }

/** They exist as programs for Intel only. */
export const compilersRun = process.arch === 'x64' && FOLDERS[process.platform] !== undefined

/** What wcc says against the templates; empty when it takes them all. */
export function whyNotWxml(bundle: Bundle): string {
  const templates = filesOf(bundle, '.wxml')
  const users = filesOf(bundle, '.json').flatMap((file) => {
    const { usingComponents = {} } = JSON.parse(readText(bundle, file)) as { usingComponents?: Record<string, string> }
    const names = Object.keys(usingComponents)
    return names.length === 0 ? [] : [[file.replace(/json$/, 'wxml'), names.length, ...names].join(' ')]
  })
  const args = [
    '-d',
    '-cc',
    [users.length, ...users].join(' '),
    ...templates,
    ...filesOf(bundle, '.wxs'),
    '-gn',
    '$gwx',
  ]
  return run('wcc', args, bundle)
}

/** What wcsc says against the styles; empty when it takes them all. */
export function whyNotWxss(bundle: Bundle): string {
  return run('wcsc', ['-db', '-pc', '0', ...filesOf(bundle, '.wxss')], bundle)
}

/** wcc ends with 255 when it finds something wrong; wcsc ends with 0 and says "ERR:". */
function run(name: 'wcc' | 'wcsc', args: string[], { dist }: Bundle): string {
  const { status, stdout, stderr, error } = spawnSync(compiler(name), args, {
    cwd: dist,
    maxBuffer: 2 ** 28,
    encoding: 'utf8',
  })
  if (error !== undefined) throw error
  const complaints = `${stdout}\n${stderr}`.split('\n').filter((line) => line.includes('ERR:'))
  if (status !== 0) return `${name} ended with ${status}: ${stderr}${stdout}`
  return stdout === '' ? `${name} has written nothing` : complaints.join('\n')
}

/** A copy that may be run: npm packs them without that right. */
function compiler(name: string): string {
  const root = dirname(require.resolve('miniprogram-compiler/package.json'))
  const program = process.platform === 'win32' ? `${name}.exe` : name
  const packed = join(root, 'bin', FOLDERS[process.platform] ?? '', program)
  const copy = join(mkdtempSync(join(tmpdir(), 'mulin-wechat-')), program)
  copyFileSync(packed, copy)
  chmodSync(copy, 0o755)
  return copy
}
