import { z } from 'zod'
import { nothing } from '../../shared/core/input'
import { pageOf } from '../../shared/core/view'
import {
  addPointInput,
  addProductInput,
  catalogueQuery,
  fulfilInput,
  lookUpInput,
  myRedemptionsQuery,
  pointInput,
  productInput,
  redeemInput,
  redemptionListQuery,
  stockInput,
} from '../../shared/redemption/input'
import {
  catalogueView,
  lookUpView,
  myRedemptionView,
  pointView,
  productView,
  redemptionPage,
  redemptionView,
} from '../../shared/redemption/view'
import { DESK } from '../core/actor'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { addPoint, changePoint } from './add-point'
import { addProduct, changeProduct } from './add-product'
import { cancelRedemption } from './cancel'
import { changeStock } from './change-stock'
import { fulfil } from './fulfil'
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

const HOLDERS = ['member', 'elder', 'proxy'] as const

export const redemptionRoutes: Route[] = [
  route(
    'GET',
    '/catalogue',
    { summary: '可以兑换什么，还差多少', who: HOLDERS, query: catalogueQuery, view: catalogueView },
    ({ db, actor, query, at }) => catalogue(db, actor, query.elderId, at),
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
    { summary: '查领取码：是什么、能不能领', who: ['redemptionPoint'], input: lookUpInput, view: lookUpView },
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
    { summary: '核销：交给本人', who: ['redemptionPoint'], input: fulfilInput, view: redemptionView },
    async ({ db, actor, params, input, at, parts }) => {
      const { id } = await fulfil(db, actor, readId(params.id), input, at)
      return findShown(db, parts.config.keys, id)
    },
  ),
  route(
    'GET',
    '/redemptions',
    { summary: '兑换记录', who: [...DESK, 'redemptionPoint'], query: redemptionListQuery, view: redemptionPage },
    ({ db, actor, query, parts }) => listRedemptions(db, parts.config.keys, actor, query),
  ),
  route('GET', '/products', { summary: '兑换商品', who: DESK, view: z.array(productView) }, ({ db, actor }) =>
    listProducts(db, actor),
  ),
  route(
    'POST',
    '/products',
    { summary: '新增兑换商品', who: ['countyAdmin'], input: addProductInput, view: productView },
    async ({ db, actor, input, at }) => findProduct(db, (await addProduct(db, actor, input, at)).id),
  ),
  route(
    'PUT',
    '/products/:id',
    { summary: '修改兑换商品', who: ['countyAdmin'], input: productInput, view: productView },
    async ({ db, actor, params, input, at }) =>
      findProduct(db, (await changeProduct(db, actor, readId(params.id), input, at)).id),
  ),
  route(
    'POST',
    '/products/:id/stock',
    { summary: '加减库存', who: ['countyAdmin', 'townStaff'], input: stockInput, view: productView },
    async ({ db, actor, params, input, at }) =>
      findProduct(db, (await changeStock(db, actor, readId(params.id), input, at)).id),
  ),
  route('GET', '/redemption-points', { summary: '兑换点', who: 'person', view: z.array(pointView) }, ({ db, actor }) =>
    listPoints(db, actor),
  ),
  route(
    'POST',
    '/redemption-points',
    { summary: '新增兑换点', who: ['countyAdmin'], input: addPointInput, view: pointView },
    async ({ db, actor, input, at }) => findPoint(db, (await addPoint(db, actor, input, at)).id),
  ),
  route(
    'PUT',
    '/redemption-points/:id',
    { summary: '修改兑换点', who: ['countyAdmin'], input: pointInput, view: pointView },
    async ({ db, actor, params, input, at }) =>
      findPoint(db, (await changePoint(db, actor, readId(params.id), input, at)).id),
  ),
]
