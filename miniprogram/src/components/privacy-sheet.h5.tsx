/** A browser asks for the camera and the location by itself. */
export function PrivacySheet() {
  return null
}
