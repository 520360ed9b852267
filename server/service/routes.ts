import { z } from 'zod'
import { dayOf } from '../../shared/core/time'
import { addServiceInput, serviceInput, serviceListQuery } from '../../shared/service/input'
import { serviceView } from '../../shared/service/view'
import { readId } from '../core/input'
import { route } from '../core/route'
import { addService } from './add'
import { changeService } from './change'
import { presentService } from './present'
import { listServices } from './queries'

export const serviceRoutes = [
  route(
    'GET',
    '/services',
    { summary: '服务项目', who: 'person', query: serviceListQuery, view: z.array(serviceView) },
    ({ db, actor, query, at }) => listServices(db, actor, query, dayOf(at)),
  ),
  route(
    'POST',
    '/services',
    { summary: '新增服务项目', may: 'service.keep', input: addServiceInput, view: serviceView },
    async ({ db, actor, input, at }) => {
      const { id } = await addService(db, actor, input, at)
      return presentService(await db.service.findUniqueOrThrow({ where: { id } }), false)
    },
  ),
  route(
    'PUT',
    '/services/:id',
    { summary: '修改服务项目', may: 'service.keep', input: serviceInput, view: serviceView },
    async ({ db, actor, params, input, at }) => {
      const { id } = await changeService(db, actor, readId(params.id), input, at)
      return presentService(await db.service.findUniqueOrThrow({ where: { id } }), false)
    },
  ),
]
