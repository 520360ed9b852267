import { nothing } from '../../shared/core/input'
import { doneView } from '../../shared/core/view'
import {
  closingInput,
  declareKinInput,
  giftListQuery,
  giveInput,
  grantAnswerInput,
  registerKinInput,
  yesNoInput,
} from '../../shared/member/input'
import { closingView, giftPage, givingView, grantRoundPage, kinPage } from '../../shared/member/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { listRounds } from '../scheme/grant-list'
import { answerRound } from '../scheme/grants'
import { askClosing, findClosing } from './closing'
import { answerGift, give, withdrawGift } from './give'
import { findGiving, listGifts, listKin } from './giving'
import { answerKin, declareKin, endKin, registerKin } from './kin'

const OWNERS = ['member', 'elder'] as const

export const givingRoutes: Route[] = [
  route(
    'GET',
    '/giving/mine',
    { summary: '送给家人、捐出去：能送谁，能捐给谁', who: OWNERS, view: givingView },
    ({ db, actor, at, parts }) => findGiving(db, parts.config.keys, actor, at),
  ),
  route(
    'GET',
    '/kin',
    { summary: '亲属登记', may: 'points.read', within: true, query: giftListQuery, view: kinPage },
    ({ db, actor, query, parts }) => listKin(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/kin',
    { summary: '登记一位亲属', who: OWNERS, input: declareKinInput, view: doneView, status: 201 },
    ({ db, actor, input, at, parts }) => declareKin(db, parts.config.keys, actor, input, at),
  ),
  route(
    'POST',
    '/kin-registrations',
    { summary: '社区核对后登记亲属', may: 'kin.keep', input: registerKinInput, view: doneView, status: 201 },
    ({ db, actor, input, at }) => registerKin(db, actor, input, at),
  ),
  route(
    'POST',
    '/kin/:id/answer',
    { summary: '确认亲属登记', who: OWNERS, may: 'kin.keep', input: yesNoInput, view: doneView },
    ({ db, actor, params, input, at }) => answerKin(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/kin/:id/end',
    { summary: '取消亲属登记', who: OWNERS, input: nothing, view: doneView },
    ({ db, actor, params, at }) => endKin(db, actor, readId(params.id), at),
  ),
  route(
    'GET',
    '/gifts',
    { summary: '赠送和捐赠', may: 'points.read', within: true, query: giftListQuery, view: giftPage },
    ({ db, actor, query, parts }) => listGifts(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/gifts',
    { summary: '送给家人或捐出去', who: OWNERS, input: giveInput, view: doneView, status: 201 },
    ({ db, actor, input, at }) => give(db, actor, input, at),
  ),
  route(
    'POST',
    '/gifts/:id/answer',
    { summary: '收下，或同意一笔赠送', who: OWNERS, may: 'giving.decide', input: yesNoInput, view: doneView },
    ({ db, actor, params, input, at }) => answerGift(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/gifts/:id/withdrawal',
    { summary: '不送了', who: OWNERS, input: nothing, view: doneView },
    ({ db, actor, params, at }) => withdrawGift(db, actor, readId(params.id), at),
  ),
  route(
    'GET',
    '/closings/:elderId',
    { summary: '一位老人去世或迁走：积分怎么办', who: ['proxy'], may: 'closing.ask', view: closingView },
    ({ db, actor, params, at, parts }) => findClosing(db, parts.config.keys, actor, readId(params.elderId), at),
  ),
  route(
    'POST',
    '/closings',
    {
      ...{ summary: '家人或社区请求销户', who: ['proxy'], may: 'closing.ask', input: closingInput },
      ...{ view: doneView, status: 201 },
    },
    ({ db, actor, input, at }) => askClosing(db, actor, input, at),
  ),
  route(
    'GET',
    '/grant-rounds',
    { summary: '按规则发放', may: 'points.read', query: giftListQuery, view: grantRoundPage },
    ({ db, actor, query, at, parts }) => listRounds(db, parts.config.keys, actor, query, at),
  ),
  route(
    'POST',
    '/grant-rounds/:id/answer',
    { summary: '同意或退回一轮发放', may: 'points.grant', input: grantAnswerInput, view: doneView },
    ({ db, actor, params, input, at }) => answerRound(db, actor, readId(params.id), input, at),
  ),
]
