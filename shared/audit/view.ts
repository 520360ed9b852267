import { z } from 'zod'
import { pageOf, placeNameView } from '../core/view'
import { DUTIES } from '../session/duties'
import { visitView } from '../visit/view'

/** A queue row says whether this actor may take it along in a batch. */
export const queueRowView = visitView.extend({
  whyNot: z.string().nullable(),
  whyNotSentence: z.string().nullable(),
  /** by when it is to be decided, in words; '' for what is decided */
  dueSentence: z.string(),
  late: z.boolean(),
  /** somebody approved it already, a second one must too */
  awaitsSecond: z.boolean(),
})
export type QueueRow = z.infer<typeof queueRowView>
export const queuePage = pageOf(queueRowView)
export const queueCountsView = z.object({
  waiting: z.number(),
  red: z.number(),
  amber: z.number(),
  clean: z.number(),
  returned: z.number(),
  /** drawn for inspection, nothing found yet */
  spot: z.number(),
  /** appeals that wait */
  appeals: z.number(),
})
export type QueueCounts = z.infer<typeof queueCountsView>
/** One outcome a visit, in the order asked. */
export const outcomesView = z.object({
  outcomes: z.array(
    z.object({ visitId: z.string(), ok: z.boolean(), code: z.string().nullable(), sentence: z.string().nullable() }),
  ),
  done: z.number(),
  refused: z.number(),
})
export type Outcomes = z.infer<typeof outcomesView>

export const dictionaryView = z.object({
  reasons: z
    .array(
      z.object({
        code: z.string(),
        words: z.string(),
        uses: z.array(z.enum(['approve', 'return', 'exception'])).readonly(),
        needsNote: z.boolean(),
        active: z.boolean(),
      }),
    )
    .readonly(),
  resolutions: z.array(z.object({ code: z.string(), words: z.string(), active: z.boolean() })).readonly(),
})
export const calendarView = z.object({
  year: z.string(),
  /** 2027 年节假日未发布 */
  notice: z.string().nullable(),
  days: z.array(z.object({ day: z.string(), kind: z.enum(['off', 'work']), name: z.string() })),
})
export type CalendarView = z.infer<typeof calendarView>

export const spotCheckView = placeNameView.extend({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  percent: z.number(),
  listSize: z.number(),
  listHash: z.string(),
  seedFrom: z.string(),
  seed: z.string().nullable(),
  createdAt: z.string(),
  drawnAt: z.string().nullable(),
  drawn: z.number(),
  found: z.number(),
  problems: z.number(),
})
export type SpotCheckView = z.infer<typeof spotCheckView>
export const spotItemView = z.object({
  id: z.string(),
  visitId: z.string(),
  position: z.number(),
  day: z.string(),
  regionName: z.string(),
  memberName: z.string(),
  elderNames: z.string(),
  inspectorName: z.string(),
  isMine: z.boolean(),
  finding: z.enum(['asRecorded', 'problem']).nullable(),
  note: z.string().nullable(),
})
export const spotCheckDetailView = spotCheckView.extend({
  /** the same list and seed give the same draw again: null while nothing is drawn */
  reproduced: z.boolean().nullable(),
  items: z.array(spotItemView),
})
export type SpotCheckDetail = z.infer<typeof spotCheckDetailView>

const duty = z.enum(DUTIES)
export const reviewersView = z.object({
  /** whether the four work apart in this place today */
  apart: z.boolean(),
  duties: z.array(
    z.object({
      duty,
      words: z.string(),
      does: z.string(),
      isMine: z.boolean(),
      queues: z.array(z.object({ words: z.string(), count: z.number(), to: z.string() })),
    }),
  ),
  staff: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      roleWords: z.string(),
      regionName: z.string(),
      duty: z.union([duty, z.literal('')]),
      may: z.array(duty),
      mayAppoint: z.boolean(),
    }),
  ),
})
export type Reviewers = z.infer<typeof reviewersView>
