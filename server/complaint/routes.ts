import { complaintListQuery, decideComplaintInput, openComplaintInput } from '../../shared/complaint/input'
import { complaintPage } from '../../shared/complaint/view'
import { doneView } from '../../shared/core/view'
import { readId } from '../core/input'
import { type Route, route } from '../core/route'
import { decideComplaint } from './decide'
import { openComplaint } from './open'
import { listComplaints } from './queries'

export const complaintRoutes: Route[] = [
  route(
    'GET',
    '/complaints',
    { summary: '投诉', may: 'complaint.read', within: true, query: complaintListQuery, view: complaintPage },
    ({ db, actor, query, parts, at }) => listComplaints(db, parts.config.keys, actor, query, at),
  ),
  route(
    'POST',
    '/complaints',
    {
      summary: '反映一次服务的问题',
      who: ['elder', 'proxy'],
      may: 'complaint.keep',
      input: openComplaintInput,
      view: doneView,
      status: 201,
    },
    ({ db, actor, input, at }) => openComplaint(db, actor, input, at),
  ),
  route(
    'POST',
    '/complaints/:id/decision',
    { summary: '核实投诉：属实或不属实', may: 'complaint.decide', input: decideComplaintInput, view: doneView },
    ({ db, actor, params, input, at }) => decideComplaint(db, actor, readId(params.id), input, at),
  ),
]
