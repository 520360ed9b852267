import { canonicalJson } from '../../shared/core/canonical'
import { reportLeaf } from '../../shared/proof/leaf'
import { findBy } from '../core/bulk'
import type { Reader } from '../core/db'
import { sha256Hex } from './crypto'

export type Sealed = { refId: string; text: string }

/** Requests and decisions as their leaves would tell them today, by `request:<id>` and `decision:<id>`. */
export async function readRequests(db: Reader, refIds: readonly string[]): Promise<Sealed[]> {
  const idsOf = (what: string) =>
    refIds.filter((one) => one.startsWith(`${what}:`)).map((one) => one.slice(what.length + 1))
  const requests = await findBy(db, 'LedgerRequest', 'id', idsOf('request'))
  const decisions = await findBy(db, 'LedgerDecision', 'requestId', idsOf('decision'))
  const reports = await findBy(
    db,
    'Report',
    'id',
    idsOf('report').map((one) => one.split('@')[0]),
  )
  const signed = new Map(reports.map((one) => [one.id, one]))
  return [
    ...refIds.flatMap((refId) => {
      const report = signed.get(refId.slice('report:'.length).split('@')[0] as string)
      return report === undefined ? [] : [{ refId, text: signedReport(report, '').text }]
    }),
    ...requests.map((row) => sealedRow('request', row.id, row.askedAt, row)),
    ...decisions.map((row) => sealedRow('decision', row.requestId, row.at, row)),
  ]
}

/** The whole row by its hash: what was asked and answered stays between those who may read it. */
export function sealedRow(kind: string, id: string, at: Date, row: object): Sealed {
  const digest = sha256Hex(JSON.stringify(Object.entries(row).sort(), plain))
  return { refId: `${kind}:${id}`, text: reportLeaf({ id, kind, begunAt: at, endedAt: at, digest }) }
}

type SignedReport = Awaited<ReturnType<Reader['report']['findUniqueOrThrow']>>

/** A signed report by the hash of all that is said in it and about it; once in the log of every county it is of. */
export function signedReport(report: SignedReport, logRegionId: string): Sealed {
  const { id, kind, regionId, regionPath, period, version, state, content, madeAt, signedAt } = report
  const { askedByPersonId, askedAt, signedByPersonId } = report
  const digest = sha256Hex(
    canonicalJson({
      ...{ kind, regionId, regionPath, period, version: String(version), state, content },
      ...{ askedByPersonId, askedAt: askedAt.toISOString(), signedByPersonId },
    }),
  )
  const times = { begunAt: madeAt ?? askedAt, endedAt: signedAt ?? askedAt }
  return { refId: `report:${id}@${logRegionId}`, text: reportLeaf({ id, kind: `${kind}Report`, ...times, digest }) }
}

const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
