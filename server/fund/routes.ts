import { z } from 'zod'
import {
  addFundLineInput,
  fundChangeInput,
  fundChangeListQuery,
  fundCoverQuery,
  fundDecisionInput,
  fundListQuery,
  fundPlacesQuery,
} from '../../shared/fund/input'
import { fundChangePage, fundCoverView, fundLineView, fundPlacesView, originView } from '../../shared/fund/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { addFundLine, changeFundLine, decideFundChange } from './change'
import { findFundCover } from './cover'
import { findOrigin } from './origin'
import { findFundLine, findFundPlaces, listFundChanges, listFundLines } from './queries'

export const fundRoutes: Route[] = [
  route(
    'GET',
    '/fund-lines',
    { summary: '资金线：预算、用掉的、剩下的', may: 'fund.read', query: fundListQuery, view: z.array(fundLineView) },
    ({ db, actor, query, at }) => listFundLines(db, actor, query, at),
  ),
  route(
    'POST',
    '/fund-lines',
    {
      summary: '新开资金线（第二个人批准后生效）',
      may: 'fund.keep',
      input: addFundLineInput,
      view: fundLineView,
      status: 201,
    },
    async ({ db, actor, input, at }) => findFundLine(db, actor, (await addFundLine(db, actor, input, at)).id),
  ),
  route(
    'POST',
    '/fund-lines/:id/changes',
    { summary: '申请修改预算或规则', may: 'fund.keep', input: fundChangeInput, view: fundLineView },
    async ({ db, actor, params, input, at }) =>
      findFundLine(db, actor, (await changeFundLine(db, actor, readId(params.id), input, at)).id),
  ),
  route(
    'GET',
    '/fund-lines/:id/places',
    { summary: '一条资金线逐级用到了哪里', may: 'fund.read', query: fundPlacesQuery, view: fundPlacesView },
    ({ db, actor, params, query, at }) => findFundPlaces(db, actor, readId(params.id), query, at),
  ),
  route(
    'GET',
    '/fund-changes',
    { summary: '资金线的修改申请', may: 'fund.read', query: fundChangeListQuery, view: fundChangePage },
    ({ db, actor, query, parts }) => listFundChanges(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/fund-changes/:id/decision',
    { summary: '批准或退回资金线的修改', may: 'fund.keep', input: fundDecisionInput, view: fundLineView },
    async ({ db, actor, params, input, at }) =>
      findFundLine(db, actor, (await decideFundChange(db, actor, readId(params.id), input, at)).id),
  ),
  route(
    'GET',
    '/fund-cover',
    { summary: '资金够不够支付没用的积分', may: 'fund.read', query: fundCoverQuery, view: fundCoverView },
    ({ db, actor, query, at }) => findFundCover(db, actor, query.regionId, at),
  ),
  route(
    'GET',
    '/redemptions/:id/origin',
    { summary: '一笔兑换的来路：哪条资金线、哪几次服务', may: 'fund.read', view: originView },
    ({ db, actor, params }) => findOrigin(db, actor, readId(params.id)),
  ),
]
