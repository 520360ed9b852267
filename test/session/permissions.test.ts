import { expect, test } from 'vitest'
import { can, DUTIES, PERMISSIONS, type Permission } from '../../shared/session/permissions'
import { ROLES, type Role } from '../../shared/session/view'

// The table of duties, written down a second time: village, town, town's auditor, county, city, auditor.
test.each<[string, Permission, readonly Role[]]>([
  ['enrol', 'elder.keep', ['villageStaff', 'townStaff', 'countyAdmin']],
  ['plates', 'plate.keep', ['villageStaff', 'townStaff', 'countyAdmin']],
  ['confirm by phone', 'visit.keep', ['villageStaff', 'townStaff', 'countyAdmin']],
  ['enter paper', 'paper.enter', ['villageStaff', 'townStaff']],
  ['be the second person of paper', 'paper.approve', ['townStaff']],
  ['approve what is clean', 'audit.decide', ['townStaff', 'townAuditor', 'countyAdmin']],
  ['approve what is red, and appeals', 'audit.decideRed', ['townAuditor', 'countyAdmin']],
  ['grant', 'points.askGrant', ['countyAdmin']],
  ['be the second person of a grant or a freeze', 'points.decide', ['countyAdmin']],
  ['publish rules', 'scheme.write', ['countyAdmin']],
  ['sign a town’s month', 'report.signTown', ['townStaff', 'countyAdmin']],
  ['sign a county’s quarter and year', 'report.signCounty', ['countyAdmin']],
  ['sign a city’s report', 'report.signCity', ['cityAdmin']],
  ['see phone and address', 'person.class2', ['villageStaff', 'townStaff', 'townAuditor', 'countyAdmin', 'auditor']],
  ['see an ID number', 'person.class3', ['townStaff', 'countyAdmin']],
  ['export lists of people', 'people.export', ['villageStaff', 'townStaff', 'townAuditor', 'countyAdmin', 'auditor']],
  ['keep a city’s money', 'fund.keepCity', ['cityAdmin']],
])('those may %s who the table of duties says', (_, permission, roles) => {
  expect(can(permission)).toEqual(roles)
})

test('an auditor reads and writes nothing but what is nobody else’s', () => {
  const names = Object.entries(PERMISSIONS).flatMap(([name, row]) =>
    (row.roles as readonly Role[]).includes('auditor') ? [name] : [],
  )
  const reads = /\.(read|class2|export|desk|sit|leaves)$/
  expect(names.filter((name) => !reads.test(name))).toEqual([])
})

test('every post has duties and something it may do', () => {
  for (const role of ROLES) {
    expect(DUTIES[role].duty).not.toBe('')
    expect(Object.values(PERMISSIONS).some((row) => (row.roles as readonly Role[]).includes(role))).toBe(true)
  }
})

test('of several permissions those hold who hold any, each once', () => {
  expect(can('redemption.read', 'redemption.atPoint')).toEqual([...can('redemption.read'), 'redemptionPoint'])
  expect(can('paper.enter', 'paper.approve')).toEqual(['villageStaff', 'townStaff'])
})
