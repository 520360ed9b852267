import { z } from 'zod'
import { dayOf } from '../../shared/core/time'
import { doneView } from '../../shared/core/view'
import {
  addKindInput,
  addMapInput,
  addRegionInput,
  changeRegionInput,
  closeRegionInput,
  regionListQuery,
  setSettingInput,
} from '../../shared/region/input'
import { kindView, regionDetailView, regionMapView, regionView } from '../../shared/region/view'
import { readId } from '../core/input'
import { route } from '../core/route'
import { addRegion, addRegionKind } from './add'
import { changeRegion, closeRegion } from './change'
import { findRegionDetail, listRegions } from './list'
import { addMap, mapOf, withdrawMap } from './map'
import { setSetting } from './set'

export const regionRoutes = [
  route(
    'GET',
    '/regions',
    {
      summary: '区划：下级，或按名称查找',
      may: 'region.read',
      query: regionListQuery,
      view: z.array(regionView),
    },
    ({ db, actor, query, at }) => listRegions(db, actor, query, dayOf(at)),
  ),
  route(
    'GET',
    '/regions/:id',
    { summary: '一个地方：沿革与设置', may: 'region.read', view: regionDetailView },
    ({ db, actor, params, at }) => findRegionDetail(db, actor, readId(params.id), dayOf(at)),
  ),
  route(
    'GET',
    '/regions/:id/map',
    { summary: '这个地方自己的地图', may: 'requirement.read', view: regionMapView },
    ({ db, actor, params }) => mapOf(db, actor, readId(params.id)),
  ),
  route(
    'POST',
    '/region-maps',
    { summary: '上传地图（GeoJSON，有审图号）', may: 'region.map', input: addMapInput, view: doneView, status: 201 },
    ({ db, actor, input, at }) => addMap(db, actor, input, at),
  ),
  route(
    'POST',
    '/region-maps/:id/withdrawal',
    { summary: '撤下地图', may: 'region.map', view: doneView },
    ({ db, actor, params, at }) => withdrawMap(db, actor, readId(params.id), at),
  ),
  route('GET', '/region-kinds', { summary: '区划种类', may: 'region.read', view: z.array(kindView) }, ({ db }) =>
    db.regionKind.findMany({ orderBy: [{ level: 'asc' }, { code: 'asc' }] }),
  ),
  route(
    'POST',
    '/region-kinds',
    { summary: '新增区划种类', may: 'region.govern', input: addKindInput, view: kindView },
    async ({ db, actor, input, at }) => {
      const { code } = await addRegionKind(db, actor, input, at)
      return db.regionKind.findUniqueOrThrow({ where: { code } })
    },
  ),
  route(
    'POST',
    '/regions',
    { summary: '新增地方', may: 'region.keep', input: addRegionInput, view: regionView },
    async ({ db, actor, input, at }) => {
      const { id } = await addRegion(db, actor, input, at)
      return findRegionDetail(db, actor, id, dayOf(at))
    },
  ),
  route(
    'POST',
    '/regions/:id/versions',
    { summary: '改名、改代码、改隶属', may: 'region.keep', input: changeRegionInput, view: regionDetailView },
    async ({ db, actor, params, input, at }) => {
      const { id } = await changeRegion(db, actor, readId(params.id), input, at)
      return findRegionDetail(db, actor, id, dayOf(at))
    },
  ),
  route(
    'POST',
    '/regions/:id/closing',
    { summary: '撤销地方', may: 'region.keep', input: closeRegionInput, view: regionDetailView },
    async ({ db, actor, params, input, at }) => {
      const { id } = await closeRegion(db, actor, readId(params.id), input, at)
      return findRegionDetail(db, actor, id, dayOf(at))
    },
  ),
  route(
    'POST',
    '/regions/:id/settings',
    { summary: '设置', may: 'region.govern', input: setSettingInput, view: regionDetailView },
    async ({ db, actor, params, input, at }) => {
      const { id } = await setSetting(db, actor, readId(params.id), input, at)
      return findRegionDetail(db, actor, id, dayOf(at))
    },
  ),
]
