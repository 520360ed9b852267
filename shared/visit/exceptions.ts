/** The exceptions of a visit. Red must be settled alone; amber needs a reason to pass; info is only told. Sentences for both readers. */
export const EXCEPTIONS = {
  E01: { severity: 'red', staff: '没有签退，到时间自动结束', helper: '没有按「帮完了」，社区会核实' },
  E02: { severity: 'red', staff: '和这位志愿者的另一次服务时间重叠', helper: '和另一次帮忙时间重叠，社区会核实' },
  E03: { severity: 'amber', staff: '离门牌太远，或没有位置', helper: '位置离得远或没有位置，社区会核实' },
  E04: { severity: 'amber', staff: '比最短服务时间还短', helper: '时间太短，这次不计分' },
  E05: { severity: 'red', staff: '比最长服务时间还长', helper: '时间太长，社区会核实' },
  E06: { severity: 'amber', staff: '同一对志愿者和老人次数太多', helper: '去这家的次数多，社区会核实' },
  E07: { severity: 'red', staff: '老人或代办人说没来过', helper: '老人说没来过，社区会核实' },
  E08: { severity: 'amber', staff: '老人一直没有回应', helper: '还在等老人确认' },
  E09: { severity: 'amber', staff: '补传太晚，或手机时间不准', helper: '上传晚了或手机时间不准，社区会核实' },
  E10: { severity: 'red', staff: '门牌已作废或不认识', helper: '门牌有问题，社区会核实' },
  E11: { severity: 'amber', staff: '亲属服务亲属', helper: '您是家里人，社区会核实' },
  E12: { severity: 'info', staff: '到了积分上限', helper: '到了积分上限，多出的不计分' },
  E13: { severity: 'red', staff: '老人那天住院、迁出或已去世', helper: '老人那天不在家，社区会核实' },
  E14: { severity: 'amber', staff: '两地之间来不及赶到', helper: '两家离得远，社区会核实' },
  E15: { severity: 'amber', staff: '纸质或工作人员补录', helper: '补录的记录，社区会核实' },
  E16: { severity: 'red', staff: '志愿者就是确认的代办人', helper: '不能确认自己的服务，社区会核实' },
  E17: { severity: 'amber', staff: '中途抽查没有再扫门牌', helper: '中途没有再扫门牌，社区会核实' },
} as const satisfies Record<string, { severity: 'red' | 'amber' | 'info'; staff: string; helper: string }>
export type ExceptionCode = keyof typeof EXCEPTIONS
export type Severity = 'red' | 'amber' | 'info'
export type Flag = 'red' | 'amber' | 'clean'

/** What a visit's queue colour is, from its open (unresolved) exceptions. */
export function flagOf(open: readonly ExceptionCode[]): Flag {
  if (open.some((code) => EXCEPTIONS[code].severity === 'red')) return 'red'
  return open.some((code) => EXCEPTIONS[code].severity === 'amber') ? 'amber' : 'clean'
}
