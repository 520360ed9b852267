import { doneView } from '../../shared/core/view'
import {
  areaEventElderQuery,
  areaEventListQuery,
  areaEventReachQuery,
  assessElderInput,
  changeElderInput,
  contactInput,
  declareAreaEventInput,
  elderEventInput,
  elderListQuery,
  endTagInput,
  enrolElderInput,
  exitElderInput,
  homePointInput,
  moveElderInput,
  myElderQuery,
  setPinInput,
  tagElderInput,
} from '../../shared/elder/input'
import {
  areaEventEldersView,
  areaEventPage,
  areaEventReachView,
  elderDetailView,
  elderPage,
  myElderView,
  pinView,
} from '../../shared/elder/view'
import { consentInput, revealInput } from '../../shared/person/input'
import { revealView } from '../../shared/person/view'
import { readId } from '../core/input'
import { route } from '../core/route'
import { declareAreaEvent, reachOfAreaEvent } from './area-event'
import { listAreaEventElders } from './area-event-elders'
import { listAreaEvents } from './area-events'
import { assessElder } from './assess'
import { changeElder } from './change'
import { addConsent } from './consent'
import { addContact } from './contact'
import { enrolElder } from './enrol'
import { recordEvent } from './event'
import { endExit, exitElder } from './exit'
import { setHomePoint } from './home-point'
import { listElders } from './list'
import { moveElder } from './move'
import { readPin, setPin } from './pin'
import { findElderDetail, findMyElder } from './record'
import { revealField } from './reveal'
import { endTag, tagElder } from './tag'

const writes = { may: 'elder.keep', view: elderDetailView } as const

export const elderRoutes = [
  route(
    'GET',
    '/elders',
    { summary: '老人', may: 'elder.read', within: true, query: elderListQuery, view: elderPage },
    ({ db, parts, actor, query, at }) => listElders(db, parts.config.keys, actor, query, at),
  ),
  route(
    'GET',
    '/elders/mine',
    { summary: '我，或我代办的老人', who: ['elder', 'proxy'], query: myElderQuery, view: myElderView },
    ({ db, parts, actor, query, at }) => findMyElder(db, parts.config.keys, actor, query.elderId, at),
  ),
  route(
    'GET',
    '/elders/:id',
    { summary: '老人档案', may: 'elder.read', view: elderDetailView },
    ({ db, parts, actor, params, at }) => findElderDetail(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'POST',
    '/elders',
    { ...writes, summary: '登记老人', input: enrolElderInput },
    async ({ db, parts, actor, input, at }) => {
      const { id } = await enrolElder(db, parts.config.keys, actor, input, at)
      return findElderDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'PUT',
    '/elders/:id',
    { ...writes, summary: '更正姓名、电话', input: changeElderInput },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await changeElder(db, parts.config.keys, actor, readId(params.id), input, at)
      return findElderDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/elders/:id/moves',
    { ...writes, summary: '搬家', input: moveElderInput },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await moveElder(db, parts.config.keys, actor, readId(params.id), input, at)
      return findElderDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/elders/:id/tags',
    { ...writes, summary: '加类别', input: tagElderInput },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await tagElder(db, actor, readId(params.id), input, at)
      return findElderDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/elders/:id/tags/:tagId/ending',
    { ...writes, summary: '结束类别', input: endTagInput },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await endTag(db, actor, readId(params.id), readId(params.tagId), input, at)
      return findElderDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/elders/:id/assessments',
    { ...writes, summary: '能力评估', input: assessElderInput },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await assessElder(db, actor, readId(params.id), input, at)
      return findElderDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/elders/:id/events',
    { ...writes, summary: '新情况：要尽快去看', input: elderEventInput },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await recordEvent(db, actor, readId(params.id), input, at)
      return findElderDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'GET',
    '/area-events',
    { summary: '为一片发起的走访', may: 'elder.read', within: true, query: areaEventListQuery, view: areaEventPage },
    ({ db, parts, actor, query }) => listAreaEvents(db, parts.config.keys, actor, query),
  ),
  route(
    'GET',
    '/area-events/reach',
    {
      summary: '发起前看有多少位老人',
      may: 'elder.keep',
      within: true,
      query: areaEventReachQuery,
      view: areaEventReachView,
    },
    ({ db, actor, query, at }) => reachOfAreaEvent(db, actor, query, at),
  ),
  route(
    'POST',
    '/area-events',
    {
      summary: '高温、寒潮、节日：一片老人要尽快去看',
      may: 'elder.keep',
      input: declareAreaEventInput,
      view: doneView,
      status: 201,
    },
    ({ db, actor, input, at }) => declareAreaEvent(db, actor, input, at),
  ),
  route(
    'GET',
    '/area-events/:id/elders',
    {
      summary: '一次走访的老人，按村',
      may: 'elder.read',
      within: true,
      query: areaEventElderQuery,
      view: areaEventEldersView,
    },
    ({ db, parts, actor, params, query, at }) =>
      listAreaEventElders(db, parts.config.keys, actor, readId(params.id), query, at),
  ),
  route(
    'POST',
    '/elders/:id/exits',
    { ...writes, summary: '住院、外出、去世、迁出、不要服务', input: exitElderInput },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await exitElder(db, actor, readId(params.id), input, at)
      return findElderDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/elders/:id/exits/:exitId/ending',
    { ...writes, summary: '回来了', input: endTagInput },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await endExit(db, actor, readId(params.id), readId(params.exitId), input, at)
      return findElderDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/elders/:id/contacts',
    { ...writes, summary: '加联系人', input: contactInput },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await addContact(db, parts.config.keys, actor, readId(params.id), input, at)
      return findElderDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/elders/:id/home-point',
    { ...writes, summary: '定位：装牌子的地方', input: homePointInput },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await setHomePoint(db, parts.config.keys, actor, readId(params.id), input, at)
      return findElderDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/elders/:id/consents',
    { ...writes, summary: '登记同意', input: consentInput },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await addConsent(db, actor, readId(params.id), input, at)
      return findElderDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'GET',
    '/elders/:id/pin',
    { summary: '老人有没有设密码', who: ['elder', 'proxy'], may: 'elder.keep', view: pinView },
    ({ db, actor, params, at }) => readPin(db, actor, readId(params.id), at),
  ),
  route(
    'PUT',
    '/elders/:id/pin',
    { summary: '设 4 位密码', who: ['elder', 'proxy'], may: 'elder.keep', input: setPinInput, view: doneView },
    ({ db, parts, actor, params, input, at }) => setPin(db, parts.config.keys, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/elders/:id/reveals',
    { summary: '查看一项（留痕）', may: 'person.class2', input: revealInput, view: revealView },
    ({ db, parts, actor, params, input, at }) =>
      revealField(db, parts.config.keys, actor, readId(params.id), input, at),
  ),
]
