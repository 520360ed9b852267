import { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { doneView } from '../../shared/core/view'
import { pinConfirmInput } from '../../shared/elder/input'
import { pinEldersView } from '../../shared/elder/view'
import {
  appealInput,
  callInput,
  checkInInput,
  checkOutInput,
  confirmAtSiteInput,
  confirmInput,
  deskConfirmationsQuery,
  explainInput,
  fieldCheckInput,
  fieldChecksQuery,
  myVisitsQuery,
  rateInput,
  ratingListQuery,
  visitListQuery,
  visitScanInput,
} from '../../shared/visit/input'
import {
  callView,
  confirmationsView,
  currentVisitView,
  fieldCheckView,
  ratingPage,
  ratingSumsView,
  runningView,
  siteConfirmedView,
  siteVisitsView,
  visitDetailView,
  visitPage,
} from '../../shared/visit/view'
import type { Actor } from '../core/actor'
import type { Prisma } from '../core/db'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { recordCall } from './call'
import { checkIn } from './check-in'
import { checkOut } from './check-out'
import { confirm } from './confirm'
import { confirmByPin, pinElders } from './confirm-by-pin'
import { deskConfirmations, myConfirmations } from './confirmations'
import { appeal, explain } from './explain'
import { checkField, listFieldChecks } from './field-check'
import { listVisits, pageOfVisits } from './list'
import { isOwnElder } from './policy'
import { findCurrent } from './queries'
import { rateVisit } from './rate'
import { listRatings, sumRatings } from './ratings'
import { scanDuring } from './scan'
import { showCurrent, showVisit } from './show'
import { confirmAtSite, siteVisits } from './site'

export const visitRoutes: Route[] = [
  route(
    'POST',
    '/visits',
    { summary: '开始帮忙', who: ['member'], input: checkInInput, view: currentVisitView, status: 201 },
    async ({ db, actor, at, input, parts }) => {
      const { id } = await checkIn(db, parts.config.keys, actor, input, at)
      return showCurrent(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'GET',
    '/visits/current',
    { summary: '正在进行的服务', who: ['member'], view: runningView },
    async ({ db, actor, at, parts }) => {
      const id = await findCurrent(db, actor)
      return { visit: id === null ? null : await showCurrent(db, parts.config.keys, actor, id, at) }
    },
  ),
  route(
    'GET',
    '/visits/mine',
    { summary: '我的服务记录', who: ['member', 'elder', 'proxy'], query: myVisitsQuery, view: visitPage },
    async ({ db, actor, at, query, parts }) =>
      pageOfVisits(db, parts.config.keys, actor, whereOfMine(actor, query.elderId), query, at),
  ),
  route(
    'POST',
    '/visits/:id/check-out',
    { summary: '帮完了', who: ['member'], input: checkOutInput, view: visitDetailView },
    async ({ db, actor, at, params, input, parts }) => {
      const { id } = await checkOut(db, parts.config.keys, actor, readId(params.id), input, at)
      return showVisit(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/visits/:id/scans',
    { summary: '服务中扫门牌', who: ['member'], input: visitScanInput, view: currentVisitView },
    async ({ db, actor, at, params, input, parts }) => {
      const { id } = await scanDuring(db, parts.config.keys, actor, readId(params.id), input, at)
      return showCurrent(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'GET',
    '/visits',
    { summary: '服务记录', may: 'visit.read', within: true, query: visitListQuery, view: visitPage },
    ({ db, actor, at, query, parts }) => listVisits(db, parts.config.keys, actor, query, at),
  ),
  route(
    'GET',
    '/visits/:id',
    { summary: '一次服务的全部记录', who: ['member', 'elder', 'proxy'], may: 'visit.read', view: visitDetailView },
    ({ db, actor, at, params, parts }) => showVisit(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'GET',
    '/confirmations',
    { summary: '等我确认的服务', who: ['elder', 'proxy'], view: confirmationsView },
    ({ db, actor, at, parts }) => myConfirmations(db, parts.config.keys, actor, at),
  ),
  route(
    'GET',
    '/confirmations/desk',
    {
      summary: '要打电话回访的服务',
      may: 'visit.keep',
      within: true,
      query: deskConfirmationsQuery,
      view: confirmationsView,
    },
    ({ db, actor, at, query, parts }) => deskConfirmations(db, parts.config.keys, actor, query.regionId, at),
  ),
  route(
    'GET',
    '/confirmations/sites',
    {
      summary: '互助点和活动上等现场确认的',
      may: 'visit.keep',
      within: true,
      query: deskConfirmationsQuery,
      view: siteVisitsView,
    },
    ({ db, actor, at, query, parts }) => siteVisits(db, parts.config.keys, actor, query.regionId, at),
  ),
  route(
    'POST',
    '/confirmations/sites',
    { summary: '现场确认：这些志愿者来过', may: 'visit.keep', input: confirmAtSiteInput, view: siteConfirmedView },
    ({ db, actor, at, input }) => confirmAtSite(db, actor, input, at),
  ),
  route(
    'POST',
    '/field-checks',
    { summary: '到户核查', may: 'visit.keep', input: fieldCheckInput, view: z.array(fieldCheckView), status: 201 },
    async ({ db, actor, at, input, parts: { config } }) => {
      const { elderId } = await checkField(db, config.keys, { actor, at }, input)
      return listFieldChecks(db, config.keys, actor, { elderId })
    },
  ),
  route(
    'GET',
    '/field-checks',
    {
      summary: '一位老人的到户核查',
      may: 'visit.read',
      within: true,
      query: fieldChecksQuery,
      view: z.array(fieldCheckView),
    },
    ({ db, actor, query, parts }) => listFieldChecks(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/visits/:id/calls',
    { summary: '记一次回访：没打通，或老人怎么说', may: 'visit.keep', input: callInput, view: callView },
    ({ db, actor, at, params, input }) => recordCall(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/visits/:id/explanations',
    { summary: '说明哪里不对', who: ['member'], input: explainInput, view: visitDetailView },
    async ({ db, actor, at, params, input, parts }) => {
      const { id } = await explain(db, actor, readId(params.id), input, at)
      return showVisit(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/visits/:id/appeals',
    { summary: '申诉', who: ['member'], input: appealInput, view: visitDetailView },
    async ({ db, actor, at, params, input, parts }) => {
      const { id } = await appeal(db, actor, readId(params.id), input, at)
      return showVisit(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'GET',
    '/visits/:id/pin',
    { summary: '这次服务的老人有没有密码', who: ['member'], view: pinEldersView },
    ({ db, actor, at, params, parts }) => pinElders(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'POST',
    '/visits/:id/pin-confirmation',
    { summary: '老人在志愿者手机上输密码确认', who: ['member'], input: pinConfirmInput, view: visitDetailView },
    async ({ db, actor, at, params, input, parts }) => {
      const { id } = await confirmByPin(db, parts.config.keys, actor, readId(params.id), input, at)
      return showVisit(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'GET',
    '/ratings',
    { summary: '服务评价', may: 'visit.read', within: true, query: ratingListQuery, view: ratingPage },
    ({ db, parts, actor, query }) => listRatings(db, parts.config.keys, actor, query),
  ),
  route(
    'GET',
    '/ratings/sums',
    { summary: '服务评价各有多少', may: 'visit.read', within: true, query: ratingListQuery, view: ratingSumsView },
    ({ db, actor, query }) => sumRatings(db, actor, query),
  ),
  route(
    'POST',
    '/visits/:id/rating',
    { summary: '老人给一张脸', who: ['elder', 'proxy'], input: rateInput, view: doneView, status: 201 },
    ({ db, actor, at, params, input }) => rateVisit(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/visits/:id/confirmation',
    { summary: '确认服务', who: ['elder', 'proxy'], may: 'visit.keep', input: confirmInput, view: visitDetailView },
    async ({ db, actor, at, params, input, parts }) => {
      const { id } = await confirm(db, actor, readId(params.id), input, at)
      return showVisit(db, parts.config.keys, actor, id, at)
    },
  ),
]

/** What one did oneself; of an elder, or without being a helper, who came. */
function whereOfMine(actor: Actor, elderId: string | undefined): Prisma.VisitWhereInput {
  if (elderId !== undefined) {
    if (!isOwnElder(actor, elderId)) throw new Refusal('NOT_FOUND')
    return { elders: { some: { elderId } } }
  }
  if (actor.member !== null) return { memberId: actor.member.id }
  const elderIds = [...(actor.elder === null ? [] : [actor.elder.id]), ...actor.proxyOf.map((proxy) => proxy.elderId)]
  return { elders: { some: { elderId: { in: elderIds } } } }
}
