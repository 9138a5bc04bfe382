/** What a reply shows of an address: enough to recognise one's own, not enough to learn another's. */

/** `j***@gmail.com` */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return `${[...email][0] ?? ''}***${email.slice(at)}`
}

/** `+91****3210`: the calling code and the last four digits. */
export function maskPhone(phone: string, callingCode: string): string {
  return `+${callingCode}****${phone.slice(-4)}`
}
