// The operator's commands on a log, one after the other, as the handbook of an operator, an auditor and a witness has them.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { commands } from '../../server/cli/commands'
import { newShop } from '../redemption/shop'
import { freshDatabase } from '../support/database'
import { forge } from '../support/forge'

vi.setConfig({ testTimeout: 120_000 })

type Answer = Record<string, unknown> & { code: number }

/** Runs a command as `mulin … --json` would, on the database and the key of the settings. */
async function mulin(name: string, ...words: string[]): Promise<Answer> {
  const command = commands.find((one) => one.name === name)
  const values = Object.fromEntries(
    words.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split(/=(.*)/s).slice(0, 2)),
  )
  const said: string[] = []
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line)),
    vi.spyOn(console, 'error').mockImplementation(() => {}),
  ]
  try {
    const positionals = words.filter((word) => !word.startsWith('--'))
    const code = (await command?.run({ values, positionals, json: true })) ?? -1
    return { ...(JSON.parse(said.at(-1) ?? '{}') as object), code }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

async function kept() {
  const shop = await newShop()
  shop.clock.now = new Date() // the commands have no clock but the machine's
  const folder = mkdtempSync(join(tmpdir(), 'mulin-commands-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  vi.stubEnv('DATABASE_URL', shop.databaseUrl)
  vi.stubEnv('MULIN_LOG_KEY_FILE', shop.config.log.keyFile)
  onTestFinished(() => void vi.unstubAllEnvs())
  const sizeSigned = async () => {
    const { notes } = await mulin('checkpoint')
    return Number((notes as string[])[0]?.split('\n')[1])
  }
  return { shop, folder, sizeSigned }
}

test('a witness cosigns what goes on from what it saw, and nothing else', async () => {
  const { shop, folder, sizeSigned } = await kept()
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  await shop.richMember()
  const first = await sizeSigned()
  await shop.richMember()
  const second = await sizeSigned()
  expect(second).toBeGreaterThan(first)
  const { vkeys } = await mulin('keys show')
  const { privateKey } = generateKeyPairSync('ed25519')
  const witness = (request: string) =>
    mulin(
      'witness',
      request,
      '--name=witness.example/w1',
      `--key=${file('witness.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())}`,
      `--log=${(vkeys as string[]).join(' ')}`,
      `--seen=${join(folder, 'seen.json')}`,
    )
  const request = async (old: number, now: number) =>
    file(`${old}-${now}`, String((await mulin('consistency', String(old), String(now))).request))

  const seen = await witness(await request(0, first))
  expect(seen).toMatchObject({ code: 0, cosigned: true })
  const line = file('line', String(seen.line))
  expect(await mulin('cosignature', line)).toMatchObject({ code: 1, kept: false })
  vi.stubEnv('MULIN_LOG_WITNESSES', String(seen.vkey))
  expect(await mulin('cosignature', line)).toMatchObject({ code: 0, kept: true })

  const goesOn = await request(first, second)
  const forged = readFileSync(goesOn, 'utf8').replace(/^(?!old |$)\S{43}=$/m, `${'A'.repeat(43)}=`)
  expect(forged).not.toBe(readFileSync(goesOn, 'utf8'))
  expect(await witness(file('forged', forged))).toMatchObject({ code: 1, cosigned: false })
  expect(await witness(await request(0, second))).toMatchObject({ code: 1, cosigned: false })
  expect(await witness(goesOn)).toMatchObject({ code: 0, cosigned: true })
  expect((await mulin('consistency', String(second + 1), String(second))).code).toBe(2)
  expect(await mulin('ledger audit')).toMatchObject({ code: 0, problem: null, checkpoints: 2, unsealed: 0 })
})

test('an archive that was exported is imported into an empty system; an audit that finds something says no', async () => {
  const { shop, folder, sizeSigned } = await kept()
  await shop.richMember()
  await sizeSigned()
  const archive = join(folder, 'archive')
  expect((await mulin('export archive', archive)).code).toBe(0)
  const { root, size } = await shop.db.logCheckpoint.findFirstOrThrow()

  vi.stubEnv('DATABASE_URL', await freshDatabase())
  vi.stubEnv('MULIN_LOG_KEY_FILE', join(folder, 'keys.pem'))
  expect(await mulin('import archive', archive)).toMatchObject({ code: 0, heads: [{ root, size }] })
  expect((await mulin('import archive', archive)).code).toBe(1)

  vi.stubEnv('DATABASE_URL', shop.databaseUrl)
  vi.stubEnv('MULIN_LOG_KEY_FILE', shop.config.log.keyFile)
  await forge(shop.db, ['ledger_transaction'], `UPDATE ledger_transaction SET "refId" = 'another'`)
  expect(await mulin('ledger audit')).toMatchObject({
    code: 1,
    problem: { invariant: 'I5', row: expect.stringMatching(/^ledger_transaction /) },
  })
})
