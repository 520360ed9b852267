import type { Role } from './view'

export const ROLE_WORDS: Record<Role, string> = {
  villageStaff: '村（社区）工作人员',
  townStaff: '镇街工作人员',
  townAuditor: '镇街审核员',
  countyAdmin: '区县管理员',
  cityAdmin: '市级管理员',
  auditor: '审计人员',
  redemptionPoint: '兑换点',
  systemAdmin: '系统管理员',
  securityAdmin: '安全管理员',
  auditAdmin: '审计管理员',
}
