import { doneView } from '../../shared/core/view'
import { homePointInput } from '../../shared/elder/input'
import {
  addOrganisationInput,
  addRecordInput,
  changeOrganisationInput,
  organisationListQuery,
  recordListQuery,
  withdrawRecordInput,
} from '../../shared/registry/input'
import { organisationPage, organisationView, recordPage, recordView } from '../../shared/registry/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { addOrganisation, changeOrganisation, listOrganisations, showOrganisation } from './organisations'
import { setSitePoint } from './point'
import { addRecord, listRecords, showRecord, withdrawRecord } from './records'

export const registryRoutes: Route[] = [
  route(
    'GET',
    '/organisations',
    {
      summary: '互助点、食堂、中心、队伍和组织',
      may: 'registry.read',
      query: organisationListQuery,
      view: organisationPage,
    },
    ({ db, actor, query }) => listOrganisations(db, actor, query),
  ),
  route(
    'POST',
    '/organisations',
    { summary: '登记一处', may: 'registry.keep', input: addOrganisationInput, view: organisationView, status: 201 },
    async ({ db, actor, input, at }) => showOrganisation(db, (await addOrganisation(db, actor, input, at)).id),
  ),
  route(
    'PUT',
    '/organisations/:id',
    { summary: '修改一处', may: 'registry.keep', input: changeOrganisationInput, view: organisationView },
    async ({ db, actor, params, input, at }) =>
      showOrganisation(db, (await changeOrganisation(db, actor, readId(params.id), input, at)).id),
  ),
  route(
    'POST',
    '/organisations/:id/point',
    { summary: '定位：站点装牌子的地方', may: 'plate.keep', input: homePointInput, view: doneView },
    ({ db, actor, params, input, at }) => setSitePoint(db, actor, readId(params.id), input, at),
  ),
  route(
    'GET',
    '/member-records',
    {
      summary: '培训、奖励、特长、队伍、保险、协议',
      may: 'registry.read',
      within: true,
      query: recordListQuery,
      view: recordPage,
    },
    ({ db, parts, actor, query }) => listRecords(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/member-records',
    { summary: '给志愿者记一条', may: 'registry.keep', input: addRecordInput, view: recordView, status: 201 },
    async ({ db, parts, actor, input, at }) =>
      showRecord(db, parts.config.keys, (await addRecord(db, actor, input, at)).id),
  ),
  route(
    'POST',
    '/member-records/:id/withdrawal',
    { summary: '撤回记错的一条', may: 'registry.keep', input: withdrawRecordInput, view: recordView },
    async ({ db, parts, actor, params, input, at }) =>
      showRecord(db, parts.config.keys, (await withdrawRecord(db, actor, readId(params.id), input, at)).id),
  ),
]
