import { z } from 'zod'
import {
  addReasonInput,
  appointReviewerInput,
  calendarQuery,
  countsQuery,
  decideInput,
  drawSpotInput,
  freezeSpotInput,
  holidayInput,
  queueQuery,
  reasonStateInput,
  reviewersQuery,
  spotFindingInput,
} from '../../shared/audit/input'
import {
  calendarView,
  dictionaryView,
  outcomesView,
  queueCountsView,
  queuePage,
  reviewersView,
  spotCheckDetailView,
  spotCheckView,
} from '../../shared/audit/view'
import { doneView } from '../../shared/core/view'
import { appealListQuery, correctEndInput, decideAppealInput } from '../../shared/visit/input'
import { appealPage } from '../../shared/visit/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { decideAppeal, listAppeals } from './appeal'
import { findCalendar, setHoliday } from './calendar'
import { correctEnd } from './correct-end'
import { decideVisits } from './decide'
import { addReason, findDictionary, setReasonState } from './dictionary'
import { countQueue, listQueue } from './queries'
import { appointReviewer, findReviewers } from './reviewers'
import { drawSpotCheck, findSpotCheck, freezeSpotCheck, listSpotChecks, recordFinding } from './spot'

export const auditRoutes: Route[] = [
  route(
    'GET',
    '/audit/dictionary',
    { summary: '理由码和处理码', may: 'audit.read', view: dictionaryView },
    ({ db, actor }) => findDictionary(db, actor),
  ),
  route(
    'POST',
    '/audit/reasons',
    { summary: '加一条理由', may: 'dictionary.keep', input: addReasonInput, view: dictionaryView },
    ({ db, actor, input, at }) => addReason(db, actor, input, at),
  ),
  route(
    'POST',
    '/audit/reason-states',
    { summary: '停用或启用一条理由', may: 'dictionary.keep', input: reasonStateInput, view: dictionaryView },
    ({ db, actor, input, at }) => setReasonState(db, actor, input, at),
  ),
  route(
    'GET',
    '/audit/calendar',
    { summary: '节假日', may: 'audit.read', query: calendarQuery, view: calendarView },
    ({ db, actor, query }) => findCalendar(db, actor, query.year),
  ),
  route(
    'POST',
    '/audit/holidays',
    { summary: '登记一个放假或上班的日子', may: 'dictionary.keep', input: holidayInput, view: calendarView },
    ({ db, actor, input, at }) => setHoliday(db, actor, input, at),
  ),
  route(
    'GET',
    '/reviewers',
    { summary: '四专员：谁办哪一步，各有多少要办', may: 'audit.read', query: reviewersQuery, view: reviewersView },
    ({ db, actor, query, parts, at }) => findReviewers(db, parts.config.keys, actor, query.regionId, at),
  ),
  route(
    'POST',
    '/reviewers',
    { summary: '派一位专员', may: 'reviewer.appoint', input: appointReviewerInput, view: doneView },
    ({ db, actor, input, at }) => appointReviewer(db, actor, input, at),
  ),
  route(
    'GET',
    '/spot-checks',
    { summary: '双随机抽查', may: 'audit.read', within: true, view: z.array(spotCheckView) },
    ({ db, actor }) => listSpotChecks(db, actor),
  ),
  route(
    'GET',
    '/spot-checks/:id',
    { summary: '一次抽查', may: 'audit.read', within: true, view: spotCheckDetailView },
    ({ db, actor, params, parts, at }) => findSpotCheck(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'POST',
    '/spot-checks',
    { summary: '固定抽查名单', may: 'audit.decideRed', input: freezeSpotInput, view: spotCheckDetailView },
    async ({ db, actor, input, parts, at }) => {
      const { id } = await freezeSpotCheck(db, actor, input, at)
      return findSpotCheck(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/spot-checks/:id/draw',
    { summary: '抽签', may: 'audit.decideRed', input: drawSpotInput, view: spotCheckDetailView },
    async ({ db, actor, params, input, parts, at }) => {
      const { id } = await drawSpotCheck(db, actor, readId(params.id), input, at)
      return findSpotCheck(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/spot-items/:id/finding',
    { summary: '填抽查结果', may: 'audit.decide', input: spotFindingInput, view: spotCheckDetailView },
    async ({ db, actor, params, input, parts, at }) => {
      const { id } = await recordFinding(db, actor, readId(params.id), input, at)
      return findSpotCheck(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'GET',
    '/appeals',
    { summary: '申诉', may: 'audit.read', within: true, query: appealListQuery, view: appealPage },
    ({ db, actor, at, query, parts }) => listAppeals(db, parts.config.keys, actor, query, at),
  ),
  route(
    'POST',
    '/appeals/:id/decision',
    { summary: '处理申诉（另一位审核员）', may: 'audit.decide', input: decideAppealInput, view: doneView },
    ({ db, actor, at, params, input }) => decideAppeal(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/visits/:id/end-correction',
    { summary: '自动结束的服务，按实际时间改结束', may: 'audit.decide', input: correctEndInput, view: doneView },
    ({ db, actor, at, params, input }) => correctEnd(db, actor, readId(params.id), input, at),
  ),
  route(
    'GET',
    '/audit/queue',
    { summary: '待审核的服务', may: 'audit.read', within: true, query: queueQuery, view: queuePage },
    ({ db, actor, at, query, parts }) => listQueue(db, parts.config.keys, actor, query, at),
  ),
  route(
    'GET',
    '/audit/counts',
    { summary: '待审核的数量', may: 'audit.read', within: true, query: countsQuery, view: queueCountsView },
    ({ db, actor, query }) => countQueue(db, actor, query),
  ),
  route(
    'POST',
    '/audit/decisions',
    { summary: '通过或退回', may: 'audit.decide', input: decideInput, view: outcomesView },
    ({ db, actor, at, input }) => decideVisits(db, actor, input, at),
  ),
]
