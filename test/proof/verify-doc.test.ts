// What docs/VERIFY.md tells a stranger to type is typed here, line by line.
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { issueCertificate } from '../../server/certificate/issue'
import { proofFile } from '../../server/certificate/queries'
import { publicKeyOf } from '../../server/proof/crypto'
import { readLogKeys, rotateLogKeys } from '../../server/proof/keys'
import { keyTexts, publicLogs } from '../../server/proof/prove'
import { atDoor, HOME } from '../support/door'
import { newWorld } from '../support/world'

vi.setConfig({ testTimeout: 120_000 })

const doc = readFileSync(fileURLToPath(new URL('../../docs/VERIFY.md', import.meta.url)), 'utf8')
const blocks = [...doc.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block).join('\n')

async function issued() {
  const world = await newWorld()
  const door = await atDoor(world, { homePoint: HOME })
  for (const minutes of [65, 30, 45]) await door.answer(await door.served(minutes), 'yes')
  const ask = { id: randomUUID(), kind: 'service' as const, from: '2026-11-01', to: '2026-11-22' }
  const no = await issueCertificate(world.parts, door.helper.actor, ask, world.clock.now)
  // after a rotation two keys sign: each alone must do
  rotateLogKeys(world.config.log.keyFile)
  await door.answer(await door.served(20), 'yes')
  await issueCertificate(world.parts, door.helper.actor, { ...ask, id: randomUUID() }, world.clock.now)
  const certificate = await world.db.certificate.findUniqueOrThrow({ where: { no } })
  const file = (await proofFile(world.parts, certificate)).bytes.toString('utf8')
  const pems = readLogKeys(world.config.log.keyFile).known.map((one) =>
    publicKeyOf(one).export({ type: 'spki', format: 'pem' }).toString(),
  )
  const [log] = await publicLogs(world.db, world.config.log)
  return { no, file, pems, vkeys: log === undefined ? [] : keyTexts(log) }
}

function typed(file: string, pem: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mulin-verify-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'certificate.tlog-proof'), file)
  writeFileSync(join(folder, 'log.pem'), pem)
  return { folder, ...spawnSync('sh', ['-c', blocks], { cwd: folder, encoding: 'utf8' }) }
}

test('a stranger with openssl and a shell comes to PROVED, with the new key and with the old one', async () => {
  const { no, file, pems } = await issued()
  for (const pem of pems) {
    const { stdout, stderr, status } = typed(file, pem)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toContain('张兰\n')
    expect(stdout).toContain(`"no":"${no}"`)
    expect(stdout.endsWith('PROVED\n')).toBe(true)
  }
})

test('a stranger finds out a file that was changed, and a key that is another’s', async () => {
  const { file, pems } = await issued()
  const [pem = ''] = pems
  const extra = Buffer.from(/extra (\S+)/.exec(file)?.[1] ?? '', 'base64').toString('utf8')
  const withExtra = (text: string) => file.replace(/extra \S+/, `extra ${Buffer.from(text, 'utf8').toString('base64')}`)
  const other =
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n'
  for (const [text, key] of [
    [withExtra(extra.replace('"count":"3"', '"count":"4"')), pem],
    [withExtra(extra.replace('张兰', '李兰')), pem],
    [withExtra(extra.replace('\t3900\t', '\t3960\t')), pem],
    [file.replace(/\n(\d+)\n(\S{44})\n\n—/, (_, size, root) => `\n${Number(size) + 1}\n${root}\n\n—`), pem],
    [file, other],
  ] as const)
    expect(typed(text, key).stdout).not.toContain('PROVED')
})

test('mulin verify needs neither a database nor a network, and answers by its exit code', async () => {
  const { no, file, pems, vkeys } = await issued()
  const { folder } = typed(file, pems[0] as string)
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const run = (name: string, key: string) =>
    spawnSync(process.execPath, [join(root, 'tools/mulin.mjs'), 'verify', join(folder, name), '--key', key, '--json'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: 'file:/nowhere/at/all.db' },
    })
  const right = run('certificate.tlog-proof', vkeys.join(' '))
  const answer = JSON.parse(right.stdout.trim().split('\n').at(-1) ?? '{}')
  expect(answer).toMatchObject({ proved: true, name: '张兰', leaf: { no } })
  expect(answer.ms).toBeGreaterThan(0)
  expect(right.status).toBe(0)
  writeFileSync(join(folder, 'changed'), file.replace('index ', 'index 1'))
  expect(run('changed', vkeys.join(' ')).status).toBe(1)
}, 120_000)
