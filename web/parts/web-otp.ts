/** WebOTP: the browser hands over the code of an SMS whose last line is bound to this origin. */

interface OtpCredential extends Credential {
  readonly code: string
}

/** Waits for a code until the view goes; where the browser cannot, nothing happens. */
export function listenForSms(leaving: AbortSignal, received: (code: string) => void): void {
  if (!('OTPCredential' in globalThis)) return
  const request = { otp: { transport: ['sms'] }, signal: leaving } as CredentialRequestOptions
  navigator.credentials.get(request).then(
    (credential) => {
      if (credential !== null && !leaving.aborted) received((credential as OtpCredential).code)
    },
    () => {
      // Refused, or the view went: the code can be typed.
    },
  )
}
