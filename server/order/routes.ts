import { nothing } from '../../shared/core/input'
import { Refusal } from '../../shared/core/refusals'
import {
  askInput,
  assignInput,
  cancelOrderInput,
  giveBackInput,
  marketInput,
  openOrdersQuery,
  orderListQuery,
  orderPricesQuery,
} from '../../shared/order/input'
import { orderDetailView, orderPage, orderPricesView, todayView } from '../../shared/order/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { accept } from './accept'
import { ask } from './ask'
import { assign } from './assign'
import { cancel } from './cancel'
import { giveBack } from './give-back'
import { listOrders } from './list'
import { sendMarket } from './market'
import { recordNoShow } from './no-show'
import { findPrices } from './payment'
import { originOf } from './policy'
import { findOpen, showAfter, showOrder, showOrders } from './queries'
import { todayOf } from './today'

export const orderRoutes: Route[] = [
  route(
    'GET',
    '/orders',
    { summary: '需求单', who: ['elder', 'proxy'], may: 'order.read', query: orderListQuery, view: orderPage },
    ({ db, actor, at, query, parts }) => listOrders(db, parts.config.keys, actor, query, at),
  ),
  route(
    'GET',
    '/order-prices',
    {
      summary: '用积分请人帮忙：要多少分，用谁的',
      who: ['elder', 'proxy'],
      may: 'order.keep',
      query: orderPricesQuery,
      view: orderPricesView,
    },
    async ({ db, actor, at, query }) => {
      const elder = await db.elder.findUnique({ where: { id: query.elderId } })
      if (elder === null || originOf(actor, elder) === null) throw new Refusal('NOT_FOUND')
      return findPrices(db, actor, elder, at)
    },
  ),
  route(
    'GET',
    '/orders/open',
    { summary: '附近等人接的需求', who: ['member'], query: openOrdersQuery, view: orderPage },
    async ({ db, actor, at, query, parts }) => ({
      items: await showOrders(db, parts.config.keys, actor, await findOpen(db, actor, query.limit, at), at),
      next: null,
    }),
  ),
  route(
    'GET',
    '/orders/today',
    { summary: '今天要去', who: ['member'], view: todayView },
    ({ db, actor, at, parts }) => {
      if (actor.member === null) throw new Refusal('NOT_A_MEMBER')
      return todayOf(db, parts.config.keys, actor, actor.member, at)
    },
  ),
  route(
    'GET',
    '/orders/:id',
    { summary: '一个需求', who: ['member', 'elder', 'proxy'], may: 'order.read', view: orderDetailView },
    ({ db, actor, at, params, parts }) => showOrder(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'POST',
    '/orders',
    {
      summary: '我要人帮忙',
      who: ['elder', 'proxy'],
      may: 'order.keep',
      input: askInput,
      view: orderDetailView,
      status: 201,
    },
    async ({ db, actor, at, input, parts }) => {
      const { id } = await ask(db, actor, input, at)
      return showAfter(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/orders/:id/acceptance',
    { summary: '接单', who: ['member'], input: nothing, view: orderDetailView },
    async ({ db, actor, at, params, parts }) => {
      const { id } = await accept(db, actor, readId(params.id), at)
      return showAfter(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/orders/:id/assignment',
    { summary: '派单', may: 'order.keep', input: assignInput, view: orderDetailView },
    async ({ db, actor, at, params, input, parts }) => {
      const { id } = await assign(db, actor, readId(params.id), input.memberId, at)
      return showAfter(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/orders/:id/giving-back',
    { summary: '去不了', who: ['member'], input: giveBackInput, view: orderDetailView },
    async ({ db, actor, at, params, input, parts }) => {
      const { id } = await giveBack(db, actor, readId(params.id), input, at)
      return showAfter(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/orders/:id/no-show',
    { summary: '志愿者失约，重新找人', may: 'order.keep', input: nothing, view: orderDetailView },
    async ({ db, actor, at, params, parts }) => {
      const { id } = await recordNoShow(db, actor, readId(params.id), at)
      return showAfter(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/orders/:id/market-service',
    { summary: '没有人接，请市场服务', may: 'order.keep', input: marketInput, view: orderDetailView },
    async ({ db, actor, at, params, input, parts }) => {
      const { id } = await sendMarket(db, actor, readId(params.id), input, at)
      return showAfter(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/orders/:id/cancellation',
    { summary: '取消需求', who: ['elder', 'proxy'], may: 'order.keep', input: cancelOrderInput, view: orderDetailView },
    async ({ db, actor, at, params, input, parts }) => {
      const { id } = await cancel(db, actor, readId(params.id), input, at)
      return showAfter(db, parts.config.keys, actor, id, at)
    },
  ),
]
