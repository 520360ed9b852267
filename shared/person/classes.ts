/**
 * How far a field of an answer may go. C0 anybody: figures of five people and more, and what belongs to no person. C1 staff of
 * the place: masked names, villages. C2 those of village, town and county: phone, address, birth date, masked. C3 ID number,
 * health, points on the map: one at a time, with a purpose.
 */
type FieldClass = 'C0' | 'C1' | 'C2' | 'C3'

/** Fields of answers that say where somebody lives, how to reach them, when they were born, who they are or how they are. */
export const FIELD_CLASSES: Readonly<Record<string, FieldClass>> = {
  maskedName: 'C1',
  elderMaskedName: 'C1',
  personMaskedName: 'C1',
  maskedPhone: 'C2',
  maskedAddress: 'C2',
  maskedIdNumber: 'C3',
  birthDate: 'C2',
  birthYear: 'C1',
  hasHomePoint: 'C2',
  // whether somebody can be reached
  ownPhone: 'C1',
  hasPhone: 'C1',
  // 120
  emergencyPhone: 'C0',
  phoneLink: 'C0',
  needsPhone: 'C0',
  mayConfirmByPhone: 'C0',
  // of an agency, an organisation or a point of redemption
  phone: 'C0',
  address: 'C0',
  pointPhone: 'C0',
  pointAddress: 'C0',
}

/** Whether a field is of those that need a class. */
export function needsClass(field: string): boolean {
  return /phone|address|birth|idNumber|identity|openid|homePoint|masked|latitude|longitude/i.test(field)
}
