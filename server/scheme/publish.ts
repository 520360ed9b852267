import type { Day } from '../../shared/core/time'
import type { SchemeDocument } from '../../shared/scheme/document'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'

/** Opens the programme of a county. Asked again for the same code it answers the one that is there. */
export async function openProgramme(
  tx: Tx,
  programme: { regionId: string; code: string; name: string },
): Promise<{ id: string }> {
  const id = idFrom('programme', programme.code)
  await tx.programme.upsert({ where: { id }, create: { id, ...programme }, update: {} })
  return { id }
}

/** Publishes the next version of a region's rules; versions that were published before stay as they are. */
export async function publishScheme(
  tx: Tx,
  scheme: {
    programmeId: string
    regionId: string
    regionPath: string
    validFrom: Day
    document: SchemeDocument
    byPersonId: string | null
  },
  at: Date,
): Promise<{ id: string; version: number }> {
  const { programmeId, regionId, document } = scheme
  const last = await tx.scheme.findFirst({
    where: { programmeId, regionId },
    orderBy: { version: 'desc' },
    select: { version: true },
  })
  const version = (last?.version ?? 0) + 1
  const id = idFrom('scheme', programmeId, regionId, String(version))
  await tx.scheme.create({
    data: {
      id,
      programmeId,
      regionId,
      regionPath: scheme.regionPath,
      version,
      validFrom: scheme.validFrom,
      document: JSON.stringify(document),
      publishedByPersonId: scheme.byPersonId,
      publishedAt: at,
    },
  })
  return { id, version }
}
