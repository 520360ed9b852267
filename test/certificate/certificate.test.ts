import { randomUUID } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { auditAll } from '../../server/proof/audit'
import { sha256, verifyEd25519 } from '../../server/proof/crypto'
import type { CertificateView, PublicCertificate } from '../../shared/certificate/view'
import { readVerifierKey, type VerifierKey } from '../../shared/proof/note'
import { verifyProof } from '../../shared/proof/verify'
import { atDoor, HOME } from '../support/door'
import { cutOut, printed, readCode } from '../support/paper'
import { newWorld, serveWorld } from '../support/world'

// A certificate seals, signs and proves: many statements, and the two databases share a small machine.
vi.setConfig({ testTimeout: 120_000 })

const TOOLS = { sha256, verify: verifyEd25519 }

/** A helper with two confirmed visits, and an API. */
async function servedTown() {
  const world = await newWorld()
  const { ask, base } = await serveWorld(world)
  const door = await atDoor(world, { homePoint: HOME })
  for (const minutes of [65, 30]) await door.answer(await door.served(minutes), 'yes')
  const helper = door.helper.actor
  const clerk = await world.staff('villageStaff')
  const issue = (kind: 'service' | 'statement', more: object = {}, who: { personId: string } = helper) =>
    ask<CertificateView>(who, 'POST', '/certificates', {
      id: randomUUID(),
      kind,
      from: '2026-11-01',
      to: '2026-11-22',
      ...more,
    })
  const check = async (no: string) => (await ask<PublicCertificate>(null, 'GET', `/public/certificates/${no}`)).body
  const keysOf = async (no: string) => {
    const keys = await Promise.all((await check(no)).keys.map((one) => readVerifierKey(one, sha256)))
    return keys.filter((one): one is VerifierKey => one !== null)
  }
  return { world, ask, base, door, helper, clerk, issue, check, keysOf }
}

test('a helper gets a certificate of what he gave, and its proof holds without us', async () => {
  const { ask, helper, issue, keysOf, world } = await servedTown()
  const { status, body } = await issue('service')
  expect([status, body]).toMatchObject([201, { count: 2, seconds: 5700, revokedAt: null }])
  expect(body.no).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/)
  const proof = await ask<string>(helper, 'GET', `/certificates/${body.no}/proof`)
  const keys = await keysOf(body.no)
  const { proved, whyNot } = await verifyProof(proof.body, keys, TOOLS)
  const times: number[] = []
  for (let run = 0; run < 10; run += 1) {
    const begun = performance.now()
    await verifyProof(proof.body, keys, TOOLS)
    times.push(performance.now() - begun)
  }
  expect(Math.min(...times)).toBeLessThan(50)
  expect(whyNot).toBeNull()
  expect(proved).toMatchObject({ name: '张兰', leaf: { no: body.no, count: '2', seconds: '5700' } })
  expect(proved?.annex?.split('\n')).toHaveLength(3)
  expect((await auditAll(world.db, world.config.log)).problem).toBeNull()
})

test('any change to a proof file is found, and said to be what it is', async () => {
  const { ask, helper, issue, keysOf } = await servedTown()
  const { body } = await issue('service')
  const { body: proof } = await ask<string>(helper, 'GET', `/certificates/${body.no}/proof`)
  const keys = await keysOf(body.no)
  const whyNot = async (text: string, with_ = keys) => (await verifyProof(text, with_, TOOLS)).whyNot
  const extra = Buffer.from(/extra (\S+)/.exec(proof)?.[1] ?? '', 'base64').toString('utf8')
  const withExtra = (text: string) =>
    proof.replace(/extra \S+/, `extra ${Buffer.from(text, 'utf8').toString('base64')}`)
  expect(await whyNot(proof)).toBeNull()
  expect(await whyNot(withExtra(extra.replace('"seconds":"5700"', '"seconds":"57000"')))).toBe('INCLUSION')
  expect(await whyNot(withExtra(extra.replace('张兰', '李兰')))).toBe('NAME')
  expect(await whyNot(withExtra(extra.replace('\t3900\t', '\t9900\t')))).toBe('ANNEX')
  expect(await whyNot(proof.replace(/index (\d+)/, (_, index) => `index ${Number(index) - 1}`))).toBe('INCLUSION')
  expect(await whyNot(proof.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`))).toBe('SIGNATURE')
  expect(await whyNot(proof, [])).toBe('KEY')
  expect(await whyNot('hello')).toBe('FORM')
})

test('a statement shows every entry of the account, numbered without a gap', async () => {
  const { ask, helper, issue, keysOf } = await servedTown()
  const { body } = await issue('statement')
  const { body: proof } = await ask<string>(helper, 'GET', `/certificates/${body.no}/proof`)
  const { proved } = await verifyProof(proof, await keysOf(body.no), TOOLS)
  expect(proved?.leaf).toMatchObject({
    kind: 'statement',
    account: { fromSeq: '1', toSeq: '2', opening: '0', closing: '19000' },
  })
})

test('the paper carries a code that leads to the page which checks it', async () => {
  const { ask, base, helper, issue, world } = await servedTown()
  const { body } = await issue('service')
  const token = await fetch(`${base}/api/v1/certificates/${body.no}/pdf`)
  expect(token.status).toBe(401)
  const { certificatePdf } = await import('../../server/certificate/print')
  const row = await world.db.certificate.findUniqueOrThrow({ where: { no: body.no } })
  const pdf = await certificatePdf(world.parts, helper, row, world.clock.now)
  expect(pdf).toMatchObject({ type: 'application/pdf', name: `志愿服务记录证明-${body.no}.pdf` })
  const [page] = await printed(pdf.bytes)
  if (page === undefined) throw new Error('no page')
  expect(readCode(cutOut(page, { x: 155, y: 12, width: 40, height: 38 }))).toBe(
    `${world.config.publicUrl}/c/${body.no}`,
  )
  expect((await ask(helper, 'GET', `/certificates/${body.no}/pdf`)).status).toBe(200)
})

test('everybody may ask whether a number holds: valid, revoked or unknown, with a masked name', async () => {
  const { ask, helper, clerk, issue, check, keysOf, world, base } = await servedTown()
  const { body } = await issue('service', { memberId: undefined })
  expect(await check(body.no)).toMatchObject({ state: 'valid', maskedName: '张*', certificate: { seconds: 5700 } })
  const open = await check(body.no)
  expect(JSON.stringify(open)).not.toContain('张兰')
  expect((await verifyProof(open.proof ?? '', await keysOf(body.no), TOOLS)).proved).toMatchObject({
    name: null,
    annex: null,
    leaf: { seconds: '5700' },
  })
  expect(await check('0000000000000000')).toMatchObject({ state: 'unknown', certificate: null })
  expect(await check('nonsense')).toMatchObject({ state: 'unknown' })
  expect((await ask(helper, 'POST', `/certificates/${body.no}/revocation`, { reason: 'wrongData' })).status).toBe(403)
  expect((await ask(clerk, 'POST', `/certificates/${body.no}/revocation`, { reason: 'wrongData' })).status).toBe(200)
  expect((await ask(clerk, 'POST', `/certificates/${body.no}/revocation`, { reason: 'wrongData' })).body).toMatchObject(
    {
      code: 'CERTIFICATE_REVOKED',
    },
  )
  expect(await check(body.no)).toMatchObject({ state: 'revoked' })
  const leaves = await world.db.logLeaf.findMany({ where: { type: 'certificate' }, orderBy: { revision: 'asc' } })
  expect(leaves.map((one) => [one.refId, one.revision])).toEqual([
    [body.no, 0],
    [body.no, 1],
  ])
  expect((await auditAll(world.db, world.config.log)).problem).toBeNull()
  const handOver = await fetch(`${base}/c/${body.no}`, { redirect: 'manual' })
  expect(handOver.headers.get('location')).toBe(`/#/certificate/show?no=${body.no}`)
})

test('asked twice it is issued once; asked for what is not there, or not one’s own, it is refused', async () => {
  const { ask, clerk, door, issue, world } = await servedTown()
  const id = randomUUID()
  const [first, second] = [await issue('service', { id }), await issue('service', { id })]
  expect(second.body.no).toBe(first.body.no)
  expect((await issue('statement', { id })).body).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  expect((await issue('service', { from: '2026-10-01', to: '2026-10-31' })).body).toMatchObject({
    code: 'CERTIFICATE_EMPTY',
  })
  expect((await issue('service', { to: '2026-11-23' })).body).toMatchObject({ code: 'DATE_IN_FUTURE' })
  expect((await issue('service', { from: '2026-11-22', to: '2026-11-01' })).body).toMatchObject({ code: 'DATE_ORDER' })
  expect((await issue('service', { memberId: door.helper.id }, clerk)).status).toBe(201)
  const stranger = await world.member({ place: world.places.village3, name: '李芳' })
  expect((await issue('service', { memberId: door.helper.id }, stranger.actor)).status).toBe(404)
  expect((await ask(stranger.actor, 'GET', `/certificates/${first.body.no}/proof`)).status).toBe(404)
})

test('the log is served to everybody as hashes, and its entries to auditors only', async () => {
  const { ask, base, issue, world } = await servedTown()
  await issue('service')
  const { name } = await world.db.log.findFirstOrThrow()
  const size = await world.db.logLeaf.count()
  const at = (path: string) => fetch(`${base}/log/${name}/${path}`)
  expect(await (await at('checkpoint')).text()).toContain(`\n${size}\n`)
  expect((await (await at(`tile/0/000.p/${size}`)).arrayBuffer()).byteLength).toBe(size * 32)
  expect([(await at('tile/0/000')).status, (await at(`tile/0/000.p/${size + 1}`)).status]).toEqual([404, 404])
  expect((await at('tile/entries/000')).headers.get('content-type')).not.toContain('octet-stream')
  const [county, village, other] = [
    await world.staff('auditor', world.places.county),
    await world.staff('auditor', world.places.village),
    await world.staff('countyAdmin', world.places.county),
  ]
  const status = async (who: { personId: string }) => (await ask(who, 'GET', `/logs/${name}/entries/0`)).status
  expect([await status(county), await status(village), await status(other)]).toEqual([200, 404, 403])
})
