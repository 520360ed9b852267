import type { PublicCertificate } from '../../shared/certificate/view'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import { extraText } from '../../shared/proof/verify'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Db, Reader } from '../core/db'
import type { File, Parts } from '../core/route'
import { openPersons } from '../person/vault'
import { keyTexts, proveLeaf, publicLogs } from '../proof/prove'
import { settingsAt } from '../region/settings'
import { presentCertificate } from './present'

export type Certificate = NonNullable<Awaited<ReturnType<Db['certificate']['findUnique']>>>

const LIST_MAX = 100
const NUMBER = /^[0-9A-HJKMNP-TV-Z]{16}$/

/** One's own, or of a helper of one's own villages. */
export async function findCertificate(db: Reader, actor: Actor, no: string | undefined): Promise<Certificate> {
  const found = no === undefined || !NUMBER.test(no) ? null : await db.certificate.findUnique({ where: { no } })
  const may =
    found !== null && (found.personId === actor.personId || mayOver(actor, can('certificate.read'), found.regionPath))
  if (!may) throw new Refusal('NOT_FOUND')
  return found
}

/** The newest first. */
export async function listCertificates(db: Reader, actor: Actor, memberId: string | undefined): Promise<Certificate[]> {
  const member = memberId === undefined ? null : await db.member.findUnique({ where: { id: memberId } })
  if (
    memberId !== undefined &&
    (member === null || !mayOver(actor, can('certificate.read'), member.regionPath)) &&
    memberId !== actor.member?.id
  )
    throw new Refusal('NOT_FOUND')
  return db.certificate.findMany({
    where: { personId: member?.personId ?? actor.personId },
    orderBy: [{ issuedAt: 'desc' }, { no: 'asc' }],
    take: LIST_MAX,
  })
}

/** The proof file for the holder: with his name and with the lines behind the sums. */
export async function proofFile({ db, config }: Pick<Parts, 'db' | 'config'>, certificate: Certificate): Promise<File> {
  const name = (await openPersons(db, config.keys, [certificate.personId])).get(certificate.personId)?.name ?? ''
  const opening = certificate.salt === null || name === '' ? null : { salt: certificate.salt, name }
  const text = await proofOf(db, certificate, extraText(certificate.leaf, opening, certificate.annex))
  if (text === null) throw new Refusal('PROOF_NOT_READY')
  return { bytes: Buffer.from(text, 'utf8'), type: 'text/plain; charset=utf-8', name: `${certificate.no}.tlog-proof` }
}

/** Where a certificate's leaf is; null before it was sealed. */
export function leafOfCertificate(db: Reader, { no }: { no: string }) {
  return db.logLeaf.findUnique({ where: { type_refId_revision: { type: 'certificate', refId: no, revision: 0 } } })
}

async function proofOf(db: Reader, certificate: Certificate, extra: string): Promise<string | null> {
  const leaf = await leafOfCertificate(db, certificate)
  return leaf === null ? null : proveLeaf(db, leaf, extra)
}

/** What everybody may know who holds the number: whether it holds, whose it is in part, and the proof of its sums. */
export async function findPublicCertificate({ db, config }: Parts, no: string, at: Date): Promise<PublicCertificate> {
  const found = NUMBER.test(no) ? await db.certificate.findUnique({ where: { no } }) : null
  const { agencyName, hotline } = await settingsAt(db, found?.regionPath ?? '/', dayOf(at))
  const nothing = { agencyName, hotline, maskedName: null, certificate: null, proof: null, keys: [] }
  if (found === null) return { state: 'unknown', ...nothing }
  const name = (await openPersons(db, config.keys, [found.personId])).get(found.personId)?.name ?? ''
  const log = (await publicLogs(db, config.log)).find((one) => one.regionId === found.countyId)
  return {
    ...nothing,
    state: found.revokedAt === null ? 'valid' : 'revoked',
    maskedName: name === '' ? null : maskName(name),
    certificate: presentCertificate(found),
    proof: await proofOf(db, found, extraText(found.leaf, null, '')),
    keys: log === undefined ? [] : keyTexts(log),
  }
}
