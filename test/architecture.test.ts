// The house's rules about who may import whom, and what imports can't show. Every rule is seen to fail on a violation
// planted for it: a rule that has never failed is none.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const rulesFile = join(root, '.dependency-cruiser.cjs')
const folders = ['server', 'shared', 'miniprogram', 'admin', 'test', 'tools', 'bench', 'config']

/** A rule's name, and the smallest tree that breaks it: a file and what is in it. */
const PLANTED: Record<string, Record<string, string>> = {
  'shared-imports-only-shared': { 'shared/a/rules.ts': `import 'node:fs'` },
  'zod-only-in-contracts': { 'shared/b/rules.ts': `import { z } from 'zod'; z` },
  'rules-take-contracts-as-types': {
    'shared/c/input.ts': 'export const C = 1',
    'shared/c/rules.ts': `import { C } from './input'; C`,
  },
  'apps-take-contracts-as-types': {
    'shared/d/view.ts': 'export const D = 1',
    'miniprogram/src/d/page.tsx': `import { D } from '../../../shared/d/view'; D`,
  },
  'apps-know-the-server-by-its-api': {
    'server/e/keys.ts': 'export type E = 1',
    'admin/src/e/page.tsx': `import type { E } from '../../../server/e/keys'; const e: E = 1; e`,
  },
  'server-knows-no-app': {
    'miniprogram/src/f/words.ts': 'export const F = 1',
    'server/f/list.ts': `import { F } from '../../miniprogram/src/f/words'; F`,
  },
  'apps-do-not-import-each-other': {
    'miniprogram/src/g/words.ts': 'export const G = 1',
    'admin/src/g/page.tsx': `import { G } from '../../../miniprogram/src/g/words'; G`,
  },
  'a-noun-keeps-its-face': {
    'server/h/policy.ts': 'export const mayH = true',
    'server/h2/take.ts': `import { mayH } from '../h/policy'; mayH`,
  },
  'the-ledger-knows-no-other-noun': {
    'server/i/queries.ts': 'export const I = 1',
    'server/ledger/post.ts': `import { I } from '../i/queries'; I`,
  },
  'core-knows-no-noun': {
    'shared/j/rules.ts': 'export const J = 1',
    'shared/core/time.ts': `import { J } from '../j/rules'; J`,
  },
  'only-core-db-opens-prisma': {
    'server/generated/sqlite/client.ts': 'export class PrismaClient {}',
    'server/k/queries.ts': `import { PrismaClient } from '../generated/sqlite/client'; PrismaClient`,
  },
  'tests-are-not-imported': {
    'test/support/l.ts': 'export const L = 1',
    'server/l/take.ts': `import { L } from '../../test/support/l'; L`,
  },
  'a-test-stands-alone': {
    'test/m/one.test.ts': 'export const M = 1',
    'test/m/two.test.ts': `import { M } from './one.test'; M`,
  },
  'no-circles': {
    'server/n/one.ts': `import { two } from './two'; export const one = two`,
    'server/n/two.ts': `import { one } from './one'; export const two = one`,
  },
  'the-server-runs-without-dev-packages': { 'server/o/show.ts': `import 'only-for-tests'` },
  'what-is-imported-exists': { 'server/p/take.ts': `import './nowhere'` },
}

interface Violation {
  from: string
  to: string
  rule: { name: string }
}

function violationsIn(folder: string): Violation[] {
  const cli = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const present = folders.filter((name) => existsSync(join(folder, name)))
  const args = [cli, ...present, '--config', rulesFile, '--output-type', 'json']
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (!stdout) throw new Error(stderr)
  return JSON.parse(stdout).summary.violations
}

describe('who may import whom', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mulin-architecture-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  write('tsconfig.json', readFileSync(join(root, 'tsconfig.json'), 'utf8'))
  write('package.json', JSON.stringify({ dependencies: { zod: '*' }, devDependencies: { 'only-for-tests': '*' } }))
  write('node_modules/only-for-tests/package.json', JSON.stringify({ name: 'only-for-tests', main: 'index.js' }))
  write('node_modules/only-for-tests/index.js', '')
  write('node_modules/zod/package.json', JSON.stringify({ name: 'zod', main: 'index.js' }))
  write('node_modules/zod/index.js', 'exports.z = 1')
  for (const tree of Object.values(PLANTED)) for (const [file, text] of Object.entries(tree)) write(file, text)

  const { forbidden } = createRequire(import.meta.url)(rulesFile) as { forbidden: { name: string; comment: string }[] }
  const caught = violationsIn(folder)

  test.each(forbidden.map(({ name }) => name))('%s catches what is planted for it', (name) => {
    const planted = Object.keys(PLANTED[name] ?? {})
    const offenders = caught.filter((one) => one.rule.name === name).map(({ from }) => from)
    expect(offenders.filter((file) => planted.includes(file))).toHaveLength(1)
  })

  test('every rule says why', () => {
    expect(forbidden.filter(({ comment }) => (comment ?? '').length < 20)).toEqual([])
  })

  test('nothing in the tree breaks a rule', () => {
    expect(violationsIn(root).map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([])
  }, 120_000)
})

/** The Prisma names of the tables of the books, and their names in SQL. */
const books = [
  ...readFileSync(join(root, 'prisma/models/11-ledger.prisma'), 'utf8').matchAll(
    /^model (\w+)[^}]*?@@map\("(\w+)"\)/gms,
  ),
].map(([, model = '', table = '']) => ({ model: `${model.charAt(0).toLowerCase()}${model.slice(1)}`, table }))
const models = books.map(({ model }) => model).join('|')
const tables = books.map(({ table }) => table).join('|')
const clock = /new Date\(\)|\bDate\.now\(\)|\bMath\.random\b/

interface Grep {
  sentence: string
  in: string[]
  except: RegExp
  pattern: RegExp
  planted: string
}

const GREPS: Grep[] = [
  {
    sentence: 'the tables of the books are written in server/ledger only',
    in: ['server', 'tools', 'bench'],
    except: /^(server\/ledger\/|bench\/(ledger|grow)\.ts$)/, // the bench shows other ways, and grows books by sets
    pattern: new RegExp(
      `\\.(${models})\\.(create|update|upsert|delete)|(INSERT INTO|UPDATE|DELETE FROM)\\s+"?(${tables})\\b`,
      'i',
    ),
    planted: `await tx.ledgerEntry.createMany({ data })`,
  },
  {
    sentence: 'nor by raw SQL elsewhere',
    in: ['server', 'tools', 'bench'],
    except: /^(server\/ledger\/|bench\/(ledger|grow)\.ts$)/, // the bench shows other ways, and grows books by sets
    pattern: new RegExp(`(INSERT INTO|UPDATE|DELETE FROM)\\s+"?(${tables})\\b`, 'i'),
    planted: 'UPDATE ledger_account SET "postedMilliPoints" = 0',
  },
  {
    sentence: 'the environment is read in one file',
    in: ['server', 'shared'],
    except: /^server\/core\/config\.ts$/,
    pattern: /process\.env\b/,
    planted: `const port = process.env.PORT`,
  },
  {
    sentence: 'on the server the clock and chance come in at the top, and ids are made in one file',
    in: ['server', 'shared'],
    except: /^server\/(main|cli|cli\/open|core\/ids)\.ts$/,
    pattern: clock,
    planted: `const at = new Date()`,
  },
  {
    sentence: 'in the apps the clock and chance are asked in their core',
    in: ['miniprogram/src', 'admin/src'],
    except: /^(miniprogram|admin)\/src\/core\//,
    pattern: clock,
    planted: `const id = Math.random()`,
  },
  {
    sentence: 'shared code neither waits, speaks nor listens',
    in: ['shared'],
    except: /^$/,
    pattern: /\b(fetch|setTimeout|setInterval|require)\(|\bconsole\.|\bcrypto\./,
    planted: `console.log('here')`,
  },
  {
    sentence:
      'the server asks nobody but WeChat and the gateway for messages, whose addresses are settings: no address comes from outside',
    in: ['server'],
    // listen.ts opens the door to who asks us, and asks nobody
    except: /^server\/(wechat\/|sms\/sms\.ts|core\/listen\.ts)/,
    pattern: /\bfetch\(|from '(node:)?(https?|http2|net|tls|dgram|dns)'/,
    planted: `const page = await fetch(input.address)`,
  },
  {
    sentence: 'who taps taps a Tappable: it also answers to a keyboard and a screen reader',
    in: ['miniprogram/src'],
    except: /^miniprogram\/src\/components\/tappable\.tsx$/,
    pattern: /\bonClick\b/,
    planted: `<View onClick={go} />`,
  },
  {
    sentence: 'only server/wechat and its settings know where WeChat lives',
    in: ['server', 'shared', 'admin/src', 'miniprogram/src'],
    except: /^server\/(wechat\/|core\/config\.ts)/,
    pattern: /\bweixin\.qq\.com\b/,
    planted: `const host = 'https://api.weixin.qq.com'`,
  },
  {
    // regions themselves are looked for by their own path (region, fund); a subject of a list is a helper or an organisation
    // (credit); a picture, a closing, a certificate, a form or a line of a sheet belongs to a record that is looked for with it
    sentence: 'a record of a region is looked for inside the actor’s regions, not found first and then refused',
    in: ['server'],
    except:
      /^server\/(region\/(list|queries|tree)|fund\/(change|cover)|credit\/(listing|queries)|paper\/(picture|sheet)|member\/kin|certificate\/queries|elder\/invitation|import\/balances)\.ts$/,
    pattern: /=== null \|\| !mayOver\(/,
    planted: `if (plate === null || !mayOver(actor, can('plate.keep'), plate.regionPath)) throw new Refusal('NOT_FOUND')`,
  },
  {
    sentence: 'which roles may do what stands in one table',
    in: ['server', 'shared', 'admin/src', 'miniprogram/src'],
    except: /^(shared\/session\/(permissions|view|words)\.ts|shared\/member\/rules\.ts|server\/demo\/)/,
    pattern:
      /(?<!\w)\[\s*'(villageStaff|townStaff|townAuditor|countyAdmin|cityAdmin|auditor|redemptionPoint|\w+Admin)'/,
    planted: `export const KEEPERS = ['townStaff', 'countyAdmin']`,
  },
  {
    sentence: 'nothing is promised and left undone',
    in: [...folders, 'prisma/models', 'prisma/guards', 'docs'],
    except: /^test\/(architecture\.test|support\/page-audit)\.ts$/,
    pattern: /\bTODO\b|\bFIXME\b|敬请期待|@ts-ignore|\bas any\b/,
    planted: '// TODO later',
  },
]

describe('what imports do not show', () => {
  for (const { sentence, in: where, except, pattern, planted } of GREPS) {
    test(sentence, () => {
      expect(planted).toMatch(pattern)
      expect(linesWith(pattern, where, except)).toEqual([])
    })
  }

  test('a planted line is found where it stands, and forgiven where it may stand', () => {
    expect(linesWith(/export default function setup\(/, ['test'], /^test\/support\/sqlite/)).toEqual([])
    expect(linesWith(/async function setup\(project/, ['test'], /^test\/support\/sqlite/)).toEqual([
      expect.stringContaining('test/support/postgresql.setup.ts:'),
    ])
  })
})

function linesWith(pattern: RegExp, where: string[], except: RegExp): string[] {
  return where
    .flatMap(filesIn)
    .filter((file) => !except.test(file))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
    )
}

/** Text files of ours under a folder that may not be there yet. */
function filesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|mjs|cjs|sql|prisma|md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((file) => !file.startsWith('server/generated/'))
}
