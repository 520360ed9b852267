import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))
const database = 'test/support/database.ts'
const apart = ['test/browser', 'test/weapp', 'test/image']

const everything = new Set(
  readdirSync(join(root, 'test'), { recursive: true }).map((file) => join('test', String(file))),
)
const tests = [...everything].sort().filter((file) => /\.test\.tsx?$/.test(file))
const common = tests.filter((file) => !apart.some((folder) => file.startsWith(`${folder}/`)))
const onDatabases = common.filter((file) => reaches(file, database))
const plain = common.filter((file) => !onDatabases.includes(file))

/** A test that opens a database, itself or through what it imports from test/, runs on both of them. */
function reaches(file: string, goal: string, seen = new Set<string>()): boolean {
  if (file === goal) return true
  if (seen.has(file)) return false
  seen.add(file)
  return importsWithinTest(file).some((next) => reaches(next, goal, seen))
}

function importsWithinTest(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/from '(\.[^']+)'/g)]
    .map((match) => relative(root, join(root, dirname(file), match[1] ?? '')))
    .flatMap((path) => [path, `${path}.ts`, `${path}.tsx`].filter((candidate) => everything.has(candidate)))
}

const suite = (name: string, include: string[], more: object = {}) => ({
  extends: true as const,
  test: { name, include: include.length > 0 ? include : [`test/no-${name}-tests-yet`], ...more },
})

// Nothing in the files on databases changes a module, so a worker reads the server's modules once, not once a file: a third of the time.
const shared = { isolate: false }

export default defineConfig({
  test: {
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } }, // what is waited for in a browser takes as long as the machine is busy
    passWithNoTests: true,
    env: { TZ: 'UTC', NODE_ENV: 'test' }, // the day is Shanghai's whatever the machine thinks
    projects: [
      suite('plain', plain),
      suite('sqlite', onDatabases, { ...shared, globalSetup: 'test/support/sqlite.setup.ts' }),
      suite('postgresql', onDatabases, { ...shared, globalSetup: 'test/support/postgresql.setup.ts' }),
      suite('browser', ['test/browser/**/*.test.ts'], {
        globalSetup: 'test/support/sqlite.setup.ts',
        fileParallelism: false,
        testTimeout: 180_000,
        sequence: { groupOrder: 1 },
      }),
      suite('weapp', ['test/weapp/**/*.test.ts'], {
        globalSetup: 'test/support/sqlite.setup.ts',
        fileParallelism: false,
        testTimeout: 120_000,
        sequence: { groupOrder: 2 },
      }),
      suite('image', ['test/image/**/*.test.ts'], { testTimeout: 900_000, sequence: { groupOrder: 3 } }),
    ],
  },
})
