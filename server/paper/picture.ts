import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { Refusal } from '../../shared/core/refusals'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import { insertAll } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, transact } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import type { File } from '../core/route'
import { openForPersons, sealForPerson } from '../person/vault'

/** What is still readable on a desk, and small enough to keep. */
const SIDE_MAX = 1600
const PIXELS_MAX = 60_000_000
const PICTURES_MAX = 20

/**
 * The clerk attaches a photograph of the paper. It is drawn anew: smaller, upright, without place, time and camera, which a
 * phone writes into its pictures; then sealed.
 *
 * @throws Refusal NOT_FOUND, PAPER_DECIDED, PICTURE_FORMAT, TOO_LARGE
 */
export async function attachPicture(
  db: Db,
  keys: Keys,
  actor: Actor,
  batchId: string,
  input: { id: string; image: string },
  at: Date,
): Promise<{ id: string }> {
  const batch = await db.paperBatch.findUnique({ where: { id: batchId } })
  if (batch === null || batch.enteredByPersonId !== actor.personId) throw new Refusal('NOT_FOUND')
  const picture = await drawnAnew(input.image, 'image')
  const hash = hashOf(picture.bytes)
  return transact(db, (tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'attachPaper', input: { batchId, hash }, at },
      async () => {
        const now = await tx.paperBatch.findUniqueOrThrow({ where: { id: batchId } })
        if (now.state !== 'waiting') throw new Refusal('PAPER_DECIDED')
        const known = await tx.paperPicture.findMany({ where: { batchId }, select: { id: true, hash: true } })
        const same = known.find((one) => one.hash === hash)
        if (same !== undefined) return { id: same.id }
        if (known.length >= PICTURES_MAX) throw new Refusal('TOO_LARGE', { field: 'image' })
        const text = picture.bytes.toString('base64')
        await insertAll(tx, 'paper_picture', [
          {
            ...{ id: input.id, batchId, hash, at, width: picture.width, height: picture.height },
            sealed: await sealForPerson(tx, keys, actor.personId, 'paper_picture', 'image', text),
            sealedForPersonId: actor.personId,
            byteLength: picture.bytes.length,
          },
        ])
        await logOperation(tx, actor, {
          at,
          action: 'attachPaper',
          resource: 'paper',
          resourceId: batchId,
          regionPath: batch.regionPath,
          after: { hash },
        })
        return { id: input.id }
      },
    ),
  )
}

/** The picture for who may look at the batch; that it was looked at is kept. @throws Refusal NOT_FOUND, PICTURE_FORGOTTEN */
export async function readPicture(db: Db, keys: Keys, actor: Actor, id: string, at: Date): Promise<File> {
  const row = await db.paperPicture.findUnique({ where: { id } })
  const batch = row === null ? null : await db.paperBatch.findUnique({ where: { id: row.batchId } })
  if (row === null || batch === null || !mayOver(actor, can('paper.read'), batch.regionPath))
    throw new Refusal('NOT_FOUND')
  if (row.sealed === null) throw new Refusal('PICTURE_FORGOTTEN')
  const [opened] = await openForPersons(db, keys, [
    { personId: row.sealedForPersonId, table: 'paper_picture', column: 'image', sealed: row.sealed },
  ])
  // the log knows the picture by its hash: one that was put in its place is none
  if (opened === null || opened === undefined || hashOf(Buffer.from(opened, 'base64')) !== row.hash)
    throw new Refusal('NOT_FOUND')
  await db.$transaction((tx) =>
    logOperation(tx, actor, {
      at,
      action: 'read',
      resource: 'paper',
      resourceId: batch.id,
      regionPath: batch.regionPath,
    }),
  )
  return { bytes: Buffer.from(opened, 'base64'), type: 'image/jpeg', name: `纸单-${id.slice(-6)}.jpg` }
}

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** A photograph as we keep it. @throws Refusal PICTURE_FORMAT */
export async function drawnAnew(
  base64: string,
  field: string,
): Promise<{ bytes: Buffer; width: number; height: number }> {
  try {
    const { data, info } = await sharp(Buffer.from(base64, 'base64'), {
      limitInputPixels: PIXELS_MAX,
      failOn: 'error',
      pages: 1,
    })
      .rotate()
      .resize({ width: SIDE_MAX, height: SIDE_MAX, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 78 })
      .toBuffer({ resolveWithObject: true })
    return { bytes: data, width: info.width, height: info.height }
  } catch {
    throw new Refusal('PICTURE_FORMAT', { field })
  }
}
