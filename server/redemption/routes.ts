import { z } from 'zod'
import { nothing } from '../../shared/core/input'
import { doneView, pageOf } from '../../shared/core/view'
import {
  addPointInput,
  addProductInput,
  catalogueQuery,
  closingInput,
  closingListQuery,
  fulfilInput,
  lookUpInput,
  myRedemptionsQuery,
  paymentInput,
  pointInput,
  productInput,
  redeemInput,
  redemptionListQuery,
  reversalInput,
  settleInput,
  settlementListQuery,
  statementFormat,
  stockInput,
} from '../../shared/redemption/input'
import {
  catalogueView,
  closingsView,
  lookUpView,
  mealView,
  myRedemptionView,
  pointView,
  productView,
  redemptionPage,
  redemptionView,
  settlementView,
} from '../../shared/redemption/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { addPoint, changePoint } from './add-point'
import { addProduct, changeProduct } from './add-product'
import { cancelRedemption } from './cancel'
import { changeStock } from './change-stock'
import { closeDay, findClosings } from './close-day'
import { fulfil } from './fulfil'
import { listMeals } from './meals'
import {
  catalogue,
  findMine,
  findPoint,
  findProduct,
  findShown,
  listMine,
  listPoints,
  listProducts,
  listRedemptions,
  lookUp,
} from './queries'
import { redeem } from './redeem'
import { reverseFulfilment } from './reverse'
import { issueSettlement, listSettlements, paySettlement } from './settle'
import { statementFile } from './statement'

const HOLDERS = ['member', 'elder', 'proxy'] as const

export const redemptionRoutes: Route[] = [
  route(
    'GET',
    '/catalogue',
    { summary: '可以兑换什么，还差多少', who: HOLDERS, query: catalogueQuery, view: catalogueView },
    ({ db, actor, query, at, parts }) => catalogue(db, parts.config.keys, actor, query.elderId, at),
  ),
  route(
    'POST',
    '/redemptions',
    {
      summary: '兑换：扣留积分和库存，给出领取码',
      who: HOLDERS,
      input: redeemInput,
      view: myRedemptionView,
      status: 201,
    },
    async ({ db, actor, input, at, parts }) => {
      const { id } = await redeem(db, actor, input, at)
      return findMine(db, parts.config.keys, actor, id, parts.config.publicUrl)
    },
  ),
  route(
    'GET',
    '/redemptions/mine',
    { summary: '我的兑换', who: HOLDERS, query: myRedemptionsQuery, view: pageOf(myRedemptionView) },
    ({ db, actor, query, parts }) => listMine(db, parts.config.keys, actor, query, parts.config.publicUrl),
  ),
  route(
    'POST',
    '/redemptions/look-ups',
    { summary: '查领取码：是什么、能不能领', may: 'redemption.atPoint', input: lookUpInput, view: lookUpView },
    ({ db, actor, input, at, parts }) => lookUp(db, parts.config.keys, actor, input.code, at),
  ),
  route(
    'GET',
    '/redemptions/:id',
    { summary: '我的一次兑换和领取码', who: HOLDERS, view: myRedemptionView },
    ({ db, actor, params, parts }) => findMine(db, parts.config.keys, actor, readId(params.id), parts.config.publicUrl),
  ),
  route(
    'POST',
    '/redemptions/:id/cancellation',
    { summary: '取消兑换，退回积分', who: HOLDERS, input: nothing, view: myRedemptionView },
    async ({ db, actor, params, at, parts }) => {
      const { id } = await cancelRedemption(db, actor, readId(params.id), at)
      return findMine(db, parts.config.keys, actor, id, parts.config.publicUrl)
    },
  ),
  route(
    'POST',
    '/redemptions/:id/fulfilment',
    { summary: '核销：交给本人', may: 'redemption.atPoint', input: fulfilInput, view: redemptionView },
    async ({ db, actor, params, input, at, parts }) => {
      const { id } = await fulfil(db, actor, readId(params.id), input, at)
      return findShown(db, parts.config.keys, id)
    },
  ),
  route(
    'GET',
    '/redemptions',
    {
      summary: '兑换记录',
      may: ['redemption.read', 'redemption.atPoint'],
      query: redemptionListQuery,
      view: redemptionPage,
    },
    ({ db, actor, query, parts }) => listRedemptions(db, parts.config.keys, actor, query),
  ),
  route(
    'GET',
    '/products',
    { summary: '兑换商品', may: 'product.read', view: z.array(productView) },
    ({ db, actor, at }) => listProducts(db, actor, at),
  ),
  route(
    'POST',
    '/products',
    { summary: '新增兑换商品', may: 'product.keep', input: addProductInput, view: productView },
    async ({ db, actor, input, at }) => findProduct(db, (await addProduct(db, actor, input, at)).id, at),
  ),
  route(
    'PUT',
    '/products/:id',
    { summary: '修改兑换商品', may: 'product.keep', input: productInput, view: productView },
    async ({ db, actor, params, input, at }) =>
      findProduct(db, (await changeProduct(db, actor, readId(params.id), input, at)).id, at),
  ),
  route(
    'POST',
    '/products/:id/stock',
    { summary: '加减库存', may: 'product.stock', input: stockInput, view: productView },
    async ({ db, actor, params, input, at }) =>
      findProduct(db, (await changeStock(db, actor, readId(params.id), input, at)).id, at),
  ),
  route('GET', '/redemption-points', { summary: '兑换点', who: 'person', view: z.array(pointView) }, ({ db, actor }) =>
    listPoints(db, actor),
  ),
  route(
    'POST',
    '/redemption-points',
    { summary: '新增兑换点', may: 'product.keep', input: addPointInput, view: pointView },
    async ({ db, actor, input, at }) => findPoint(db, (await addPoint(db, actor, input, at)).id),
  ),
  route(
    'PUT',
    '/redemption-points/:id',
    { summary: '修改兑换点', may: 'product.keep', input: pointInput, view: pointView },
    async ({ db, actor, params, input, at }) =>
      findPoint(db, (await changePoint(db, actor, readId(params.id), input, at)).id),
  ),
  route(
    'POST',
    '/redemptions/:id/reversal',
    { summary: '冲正发错的', may: 'redemption.undo', input: reversalInput, view: redemptionView },
    async ({ db, actor, params, input, at, parts }) => {
      const { id } = await reverseFulfilment(db, actor, readId(params.id), input, at)
      return findShown(db, parts.config.keys, id)
    },
  ),
  route(
    'GET',
    '/meals',
    { summary: '今天刷卡的饭', may: 'redemption.atPoint', view: z.array(mealView) },
    ({ db, actor, at }) => listMeals(db, actor, at),
  ),
  route(
    'GET',
    '/point-closings',
    {
      summary: '日结：今天到现在，和结过的每一天',
      may: ['redemption.read', 'redemption.atPoint'],
      query: closingListQuery,
      view: closingsView,
    },
    ({ db, actor, query, at, parts }) => findClosings(db, parts.config.keys, actor, query, at),
  ),
  route(
    'POST',
    '/redemption-points/:id/closings',
    { summary: '日结', may: 'redemption.atPoint', input: closingInput, view: closingsView },
    async ({ db, actor, params, input, at, parts }) => {
      const pointId = readId(params.id)
      await closeDay(db, actor, pointId, input, at)
      return findClosings(db, parts.config.keys, actor, { pointId }, at)
    },
  ),
  route(
    'GET',
    '/settlements',
    {
      summary: '每月结算：每个兑换点应付多少',
      may: ['redemption.read', 'redemption.atPoint'],
      query: settlementListQuery,
      view: z.array(settlementView),
    },
    ({ db, actor, query, at, parts }) => listSettlements(db, parts.config.keys, actor, query, at),
  ),
  route(
    'POST',
    '/redemption-points/:id/settlements',
    { summary: '开结算单', may: 'settlement.keep', input: settleInput, view: doneView },
    ({ db, actor, params, input, at }) => issueSettlement(db, actor, readId(params.id), input, at),
  ),
  route(
    'POST',
    '/settlements/:id/payment',
    { summary: '确认已付款（不能是开单的人）', may: 'settlement.keep', input: paymentInput, view: doneView },
    ({ db, actor, params, input, at }) => paySettlement(db, actor, readId(params.id), input, at),
  ),
  route(
    'GET',
    '/settlements/:id/statement',
    { summary: '结算单：PDF 或 Excel', may: ['redemption.read', 'redemption.atPoint'], query: statementFormat },
    ({ actor, params, query, at, parts }) => statementFile(parts, actor, readId(params.id), query.format, at),
  ),
]
