import { z } from 'zod'
import { jobView, keyProgressView } from '../../shared/report/view'
import { type Route, route } from '../core/route'
import { keyProgress } from '../person/keys'
import { listJobs } from './queries'

export const jobRoutes: Route[] = [
  route('GET', '/jobs', { summary: '后台任务', may: 'jobs.read', view: z.array(jobView) }, ({ db, at }) =>
    listJobs(db, at),
  ),
  route(
    'GET',
    '/keys/progress',
    { summary: '换密钥换到哪里了', may: 'jobs.read', view: keyProgressView },
    ({ db, parts }) => keyProgress(db, parts.config.keys),
  ),
]
