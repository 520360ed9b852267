import type { ElderDetail } from '../../shared/elder/view'
import { CATEGORY_WORDS } from '../../shared/elder/words'
import { maskName } from '../../shared/person/rules'
import type { Keys } from '../core/config'
import type { Reader } from '../core/db'
import { openPersons } from '../person/vault'

type Found = [field: string, written: Written | null]
type Source = ElderDetail['sources'][number]
/** Who wrote a field, when, and from which line of which file. */
type Written = Pick<Source, 'at' | 'fileName' | 'line' | 'externalNo'> & { personId: string }

/** Where each field of an elder's record comes from: a desk, or a line of a file with the number it has there. */
export async function sourcesOf(db: Reader, keys: Keys, elderId: string): Promise<Source[]> {
  const [log, lines, contacts, tags, assessments] = [
    await db.operationLog.findMany({
      where: { resource: 'elder', resourceId: elderId, action: { in: ['enrol', 'change', 'move', 'contact'] } },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      select: { action: true, at: true, personId: true, after: true },
    }),
    await db.importedLine.findMany({
      where: { subjectId: elderId, batch: { undoneAt: null } },
      include: { batch: true },
      orderBy: { batch: { at: 'desc' } },
    }),
    await db.elderContact.count({ where: { elderId } }),
    await db.elderCategory.findMany({ where: { elderId, validTo: null }, orderBy: { validFrom: 'asc' } }),
    await db.assessment.findMany({ where: { elderId }, orderBy: { assessedDay: 'desc' }, take: 1 }),
  ]
  const ofLine = ({ batch, line, externalNo }: (typeof lines)[number]): Written => ({
    ...{ at: batch.at.toISOString(), personId: batch.byPersonId, fileName: batch.fileName, line, externalNo },
  })
  const byHand = (one: { at: Date; personId: string } | undefined): Written | null =>
    one === undefined
      ? null
      : { at: one.at.toISOString(), personId: one.personId, fileName: null, line: null, externalNo: null }
  const added = lines.find(({ change }) => change === 'added')
  const filled = (what: string) => lines.find((one) => (JSON.parse(one.filled) as string[]).includes(what))
  const first = added === undefined ? byHand(log.find(({ action }) => action === 'enrol')) : ofLine(added)
  const changed = (field: string) =>
    byHand(log.find(({ action, after }) => action === 'change' && (after ?? '').includes(`"${field}"`)))
  const done = (action: string) => byHand(log.find((one) => one.action === action))
  const phone = filled('phone')
  const found: Found[] = [
    ['姓名', latest(changed('name'), first)],
    ['证件、性别、出生日期', first],
    ['电话', latest(phone === undefined ? null : ofLine(phone), changed('phone'), first)],
    ['住址', latest(done('move'), first)],
    ...(contacts === 0 ? [] : [['联系人', latest(done('contact'), first)] satisfies Found]),
    ...tags.map(({ id, category, recordedAt, byPersonId }): Found => {
      const line = filled(id) ?? (added?.batch.at.getTime() === recordedAt.getTime() ? added : undefined)
      const own = { at: recordedAt, personId: byPersonId }
      return [
        `类别：${(CATEGORY_WORDS as Record<string, string>)[category] ?? category}`,
        line === undefined ? byHand(own) : ofLine(line),
      ]
    }),
    ...assessments.map(
      ({ recordedAt, byPersonId }): Found => ['能力评估', byHand({ at: recordedAt, personId: byPersonId })],
    ),
  ]
  const known = found.flatMap(([field, written]) => (written === null ? [] : [{ field, ...written }]))
  const persons = await openPersons(db, keys, [...new Set(known.map(({ personId }) => personId))])
  return known.map(({ personId, ...one }) => ({ ...one, byName: maskName(persons.get(personId)?.name ?? '') }))
}

/** Of two at one moment the first: what an import filled in stands in the log as a change too. */
function latest(...written: (Written | null)[]): Written | null {
  return written.reduce((a, b) => (b !== null && (a === null || b.at > a.at) ? b : a), null)
}
