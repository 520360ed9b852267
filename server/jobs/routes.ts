import { z } from 'zod'
import { jobView } from '../../shared/report/view'
import { type Route, route } from '../core/route'
import { listJobs } from './queries'

export const jobRoutes: Route[] = [
  route('GET', '/jobs', { summary: '后台任务', may: 'jobs.read', view: z.array(jobView) }, ({ db, at }) =>
    listJobs(db, at),
  ),
]
