import { z } from 'zod'
import { id } from '../../shared/core/input'
import { Refusal } from '../../shared/core/refusals'
import { doneView, pageOf } from '../../shared/core/view'
import { plateView } from '../../shared/elder/view'
import {
  batchListQuery,
  bedElderInput,
  countBatchInput,
  issuePlatesInput,
  loseBatchInput,
  openScreenInput,
  plateListQuery,
  revokePlateInput,
  scanInput,
  screenQuery,
  sheetQuery,
} from '../../shared/plate/input'
import { doorsView, plateBatchView, publicPlateView, scanView, screenView } from '../../shared/plate/view'
import { readId } from '../core/input'
import { route } from '../core/route'
import { countBatch, listBatches, loseBatch, showBatch } from './batch'
import { doorsOfToday } from './doors'
import { issuePlates, replacePlate, setBedElder } from './issue'
import { findPlateViews, listPlates } from './list'
import { printSheet } from './print'
import { findPublicPlate } from './public'
import { revokePlate } from './revoke'
import { readScan } from './scan'
import { closeScreen, openScreen, showScreen } from './screen'

export const plateRoutes = [
  route(
    'POST',
    '/plates',
    { summary: '制牌', may: 'plate.keep', input: issuePlatesInput, view: z.array(plateView) },
    async ({ db, parts, actor, input, at }) => {
      const { ids } = await issuePlates(db, parts.config.keys, actor, input, at)
      return findPlateViews(db, parts.config.keys, actor, ids)
    },
  ),
  route(
    'GET',
    '/plates',
    { summary: '门牌与随身码', may: 'plate.read', within: true, query: plateListQuery, view: pageOf(plateView) },
    ({ db, parts, actor, query }) => listPlates(db, parts.config.keys, actor, query),
  ),
  route(
    'GET',
    '/plates/sheet',
    { summary: '打印门牌（PDF）', may: 'plate.keep', query: sheetQuery },
    ({ db, parts, actor, query, at }) =>
      printSheet(db, parts.config.keys, parts.config.publicUrl, actor, query.ids, at),
  ),
  route(
    'POST',
    '/plates/:id/revocation',
    { summary: '作废', may: 'plate.keep', input: revokePlateInput, view: plateView },
    async ({ db, parts, actor, params, input, at }) => {
      const { id: plateId } = await revokePlate(db, actor, readPlateId(params.id), input, at)
      return onePlate(await findPlateViews(db, parts.config.keys, actor, [plateId]))
    },
  ),
  route(
    'POST',
    '/plates/:id/replacement',
    { summary: '换牌', may: 'plate.keep', input: z.strictObject({ batchId: id }), view: plateView },
    async ({ db, parts, actor, params, input, at }) => {
      const { id: plateId } = await replacePlate(db, parts.config.keys, actor, readPlateId(params.id), input, at)
      return onePlate(await findPlateViews(db, parts.config.keys, actor, [plateId]))
    },
  ),
  route(
    'PUT',
    '/plates/:id/elder',
    { summary: '这张床现在住着谁', may: 'plate.keep', input: bedElderInput, view: plateView },
    async ({ db, parts, actor, params, input, at }) => {
      const { id: plateId } = await setBedElder(db, actor, readPlateId(params.id), input.elderId, at)
      return onePlate(await findPlateViews(db, parts.config.keys, actor, [plateId]))
    },
  ),
  route(
    'GET',
    '/plate-batches',
    { summary: '制牌批次', may: 'plate.read', within: true, query: batchListQuery, view: pageOf(plateBatchView) },
    ({ db, parts, actor, query }) => listBatches(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/plate-batches/:id/count',
    { summary: '清点', may: 'plate.keep', input: countBatchInput, view: plateBatchView },
    async ({ db, parts, actor, params, input, at }) => {
      const { id: batchId } = await countBatch(db, actor, readId(params.id), input, at)
      return showBatch(db, parts.config.keys, actor, batchId)
    },
  ),
  route(
    'POST',
    '/plate-batches/:id/loss',
    { summary: '整批丢失，全部作废', may: 'plate.keep', input: loseBatchInput, view: plateBatchView },
    async ({ db, parts, actor, params, input, at }) => {
      const { id: batchId } = await loseBatch(db, actor, readId(params.id), input.reason, at)
      return showBatch(db, parts.config.keys, actor, batchId)
    },
  ),
  route(
    'POST',
    '/scans',
    {
      summary: '扫到或输入的码是什么',
      who: ['member'],
      may: ['plate.keep', 'redemption.atPoint'],
      input: scanInput,
      view: scanView,
    },
    ({ db, parts, actor, input, at }) => readScan(db, parts.config.keys, actor, input.code, at),
  ),
  route(
    'POST',
    '/screens',
    {
      summary: '打开动态码',
      who: ['elder', 'proxy'],
      may: 'plate.keep',
      input: openScreenInput,
      view: screenView,
      status: 201,
    },
    async ({ db, parts, actor, input, at }) => {
      const { id: screenId } = await openScreen(db, actor, input, at)
      return showScreen(db, parts.config.keys, actor, screenId, {}, at)
    },
  ),
  route(
    'GET',
    '/screens/:id',
    { summary: '屏幕上现在的动态码', who: ['elder', 'proxy'], may: 'plate.keep', query: screenQuery, view: screenView },
    ({ db, parts, actor, params, query, at }) =>
      showScreen(db, parts.config.keys, actor, readPlateId(params.id), query, at),
  ),
  route(
    'POST',
    '/screens/:id/closing',
    { summary: '收起动态码', who: ['elder', 'proxy'], may: 'plate.keep', view: doneView },
    ({ db, actor, params, at }) => closeScreen(db, actor, readPlateId(params.id), at),
  ),
  route(
    'GET',
    '/doors/today',
    { summary: '下载今天要去的几户，没有网络时用', who: ['member'], view: doorsView },
    ({ db, parts, actor, at }) => {
      if (actor.member === null) throw new Refusal('NOT_A_MEMBER')
      return doorsOfToday(db, parts.config.keys, actor, actor.member, at)
    },
  ),
  route(
    'GET',
    '/public/plates/:token',
    { summary: '任何人扫门牌：谁在管，打哪个电话', who: 'public', view: publicPlateView },
    ({ db, parts, params, at }) => findPublicPlate(db, parts.config.keys, params.token ?? '', at),
  ),
]

/** Plates have ids of their own: the eleven characters in their token. */
function readPlateId(text: string | undefined): string {
  if (text === undefined || !/^[0-9A-Za-z]{11}$/.test(text)) throw new Refusal('NOT_FOUND')
  return text
}

function onePlate<T>([plate]: readonly T[]): T {
  if (plate === undefined) throw new Refusal('NOT_FOUND')
  return plate
}
