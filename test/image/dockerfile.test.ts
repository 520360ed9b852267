import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** nobody: what runs in the image must not need to be root. */
const NOBODY = 65_534

type Step = { word: string; rest: string }

/** The instructions of a Dockerfile, line by line. */
function stepsOf(file: string): Step[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines
    .filter((line) => /^[A-Z]+ /.test(line))
    .map((line) => ({ word: line.split(' ')[0] as string, rest: line.slice(line.indexOf(' ') + 1) }))
}

test('the steps of the Dockerfile work in an empty folder, as a user without power, and what they made refuses to start without settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mulin-image-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }), 600_000)
  chmodSync(folder, 0o777)
  const asRoot = process.getuid?.() === 0
  const own = (path: string) => asRoot && chownSync(path, NOBODY, NOBODY)
  const home = join(folder, 'home')
  const app = join(folder, 'app')
  for (const path of [home, app]) {
    mkdirSync(path)
    own(path)
  }
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: home, npm_config_cache: join(home, 'npm') }
  const run = (command: string) =>
    spawnSync('sh', ['-c', command], {
      cwd: app,
      env,
      encoding: 'utf8',
      maxBuffer: 1e8,
      ...(asRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    })
  const copy = (names: readonly string[]) => {
    for (const name of names) {
      mkdirSync(dirname(join(app, name)), { recursive: true })
      cpSync(join(root, name), join(app, name))
    }
    if (asRoot) execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, app])
  }

  for (const { word, rest } of stepsOf(join(root, 'Dockerfile'))) {
    if (word === 'ENV') env[rest.split('=')[0] as string] = rest.split('=')[1]
    if (word === 'COPY') {
      const names = rest
        .replace(/^--chown=\S+ /, '')
        .split(' ')
        .slice(0, -1)
      copy(
        names[0] === '.'
          ? execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
              .trim()
              .split('\n')
              .filter((name) => existsSync(join(root, name)))
          : names,
      )
    }
    if (word === 'RUN' && !rest.startsWith('chown')) {
      const { status, stderr, stdout } = run(rest)
      expect(status, `${rest}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`).toBe(0)
    }
    if (word === 'CMD') {
      const { status, stderr } = run((JSON.parse(rest) as string[]).join(' '))
      expect(status).toBe(1)
      expect(stderr).toContain('DATABASE_URL: a postgresql:// address')
      expect(stderr).toContain('MULIN_KEK')
    }
  }
  for (const file of ['dist/h5/index.html', 'dist/admin/index.html'])
    expect(existsSync(join(app, file)), file).toBe(true)
})
