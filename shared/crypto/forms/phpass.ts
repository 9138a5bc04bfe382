/** phpass as WordPress before 6.8 has it: `$P$`, one character of cost, eight of salt, MD5 over and over. */
import { policy } from '../../policy.ts'
import { cryptValue, fromPhpassBase64 } from '../base64.ts'
import { type Form, notBase64 } from './form.ts'

const least = 7
const { phpassCostLog2 } = policy.importLimits

export const phpassForms: readonly Form[] = [
  {
    pattern: /^\$P\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})$/,
    read([, cost = '', salt = '', digestText = '']) {
      const costLog2 = cryptValue(cost)
      const digest = fromPhpassBase64(digestText)
      if (digest === undefined) return notBase64
      if (costLog2 < least || costLog2 > phpassCostLog2)
        return { reason: `its cost is not ${least} to ${phpassCostLog2}` }
      return { scheme: { algorithm: 'phpass', costLog2, salt }, digest }
    },
  },
]
