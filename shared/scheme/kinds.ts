/** The closed lists of a scheme, apart from the contract: rules and the phone need them without zod. */
export const NATURES = ['volunteer', 'mutualAid', 'dutyPaid'] as const
export const CHANNELS = ['inPerson', 'phone', 'video'] as const
export const POST_STEPS = ['never', 'approval', 'confirmation', 'finish'] as const
export const RELATIONS = [
  'self',
  'spouse',
  'parent',
  'grandparent',
  'child',
  'grandchild',
  'sibling',
  'otherRelative',
  'friend',
] as const
export const OVERFLOWS = ['drop', 'pool', 'honour'] as const
export const REDEMPTION_KINDS = ['service', 'goods', 'meal', 'yuan'] as const
