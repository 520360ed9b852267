import {
  addStaffInput,
  askCorrectionInput,
  correctionListQuery,
  decideCorrectionInput,
  endStaffInput,
  enrolMemberInput,
  memberListQuery,
  memberStateInput,
  memberTrainingInput,
  staffListQuery,
  volunteerRecordQuery,
  volunteerYearQuery,
} from '../../shared/member/input'
import {
  correctionPage,
  correctionView,
  memberDetailView,
  memberPage,
  staffPage,
  staffView,
  volunteerRecordView,
} from '../../shared/member/view'
import { revealInput } from '../../shared/person/input'
import { revealView } from '../../shared/person/view'
import { readId } from '../core/input'
import { route } from '../core/route'
import { setMemberState, setTrainings } from './change'
import { askCorrection, decideCorrection, listCorrections, showCorrection } from './correct-record'
import { enrolMember } from './enrol'
import { findMemberDetail, listMembers } from './queries'
import { revealMemberField } from './reveal'
import { addStaff, endStaff, findStaff, listStaff } from './staff'
import { findVolunteerRecord } from './volunteer-record'
import { volunteerYear } from './volunteer-year'

export const memberRoutes = [
  route(
    'GET',
    '/members',
    { summary: '志愿者与互助员', may: 'member.read', query: memberListQuery, view: memberPage },
    ({ db, parts, actor, query, at }) => listMembers(db, parts.config.keys, actor, query, at),
  ),
  route(
    'POST',
    '/members',
    { summary: '登记志愿者', may: 'member.keep', input: enrolMemberInput, view: memberDetailView },
    async ({ db, parts, actor, input, at }) => {
      const { id } = await enrolMember(db, parts.config.keys, actor, input, at)
      return findMemberDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'GET',
    '/members/:id',
    { summary: '志愿者档案', may: 'member.read', view: memberDetailView },
    ({ db, parts, actor, params, at }) => findMemberDetail(db, parts.config.keys, actor, readId(params.id), at),
  ),
  route(
    'POST',
    '/members/:id/reveals',
    { summary: '查看一项（留痕）', may: 'person.class2', input: revealInput, view: revealView },
    ({ db, parts, actor, params, input, at }) =>
      revealMemberField(db, parts.config.keys, actor, readId(params.id), input, at),
  ),
  route(
    'GET',
    '/members/:id/volunteer-record',
    {
      summary: '志愿服务记录（67 号令）',
      who: ['member'],
      may: 'member.read',
      query: volunteerRecordQuery,
      view: volunteerRecordView,
    },
    ({ db, parts, actor, params, query, at }) =>
      findVolunteerRecord(db, parts.config.keys, actor, readId(params.id), query.year, at),
  ),
  route(
    'GET',
    '/record-corrections',
    { summary: '服务记录的更正申请', may: 'member.read', query: correctionListQuery, view: correctionPage },
    ({ db, parts, actor, query, at }) => listCorrections(db, parts.config.keys, actor, query, at),
  ),
  route(
    'POST',
    '/record-corrections',
    { summary: '我的服务记录不对', who: ['member'], input: askCorrectionInput, view: correctionView, status: 201 },
    async ({ db, parts, actor, input, at }) => {
      const { id } = await askCorrection(db, parts.config.keys, actor, input, at)
      return showCorrection(db, parts.config.keys, id, at)
    },
  ),
  route(
    'POST',
    '/record-corrections/:id/decision',
    { summary: '答复更正申请', may: 'member.keep', input: decideCorrectionInput, view: correctionView },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await decideCorrection(db, actor, readId(params.id), input, at)
      return showCorrection(db, parts.config.keys, id, at)
    },
  ),
  route(
    'GET',
    '/exports/volunteer-year',
    { summary: '志愿服务记录年度报告（Excel、PDF）', may: 'member.read', query: volunteerYearQuery },
    ({ db, parts, actor, query, at }) => volunteerYear(db, parts.config.keys, actor, query, at),
  ),
  route(
    'POST',
    '/members/:id/state',
    { summary: '暂停、恢复、退出', may: 'member.suspend', input: memberStateInput, view: memberDetailView },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await setMemberState(db, actor, readId(params.id), input, at)
      return findMemberDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'POST',
    '/members/:id/trainings',
    { summary: '培训记录', may: 'member.keep', input: memberTrainingInput, view: memberDetailView },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await setTrainings(db, actor, readId(params.id), input, at)
      return findMemberDetail(db, parts.config.keys, actor, id, at)
    },
  ),
  route(
    'GET',
    '/staff',
    { summary: '工作人员', may: 'staff.read', query: staffListQuery, view: staffPage },
    ({ db, parts, actor, query }) => listStaff(db, parts.config.keys, actor, query),
  ),
  route(
    'POST',
    '/staff',
    { summary: '授予岗位', may: 'staff.appoint', input: addStaffInput, view: staffView },
    async ({ db, parts, actor, input, at }) => {
      const { id } = await addStaff(db, parts.config.keys, actor, input, at)
      return findStaff(db, parts.config.keys, id)
    },
  ),
  route(
    'POST',
    '/staff/:id/ending',
    { summary: '结束岗位', may: 'staff.appoint', input: endStaffInput, view: staffView },
    async ({ db, parts, actor, params, input, at }) => {
      const { id } = await endStaff(db, actor, readId(params.id), input, at)
      return findStaff(db, parts.config.keys, id)
    },
  ),
]
