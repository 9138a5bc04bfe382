/** Random tests draw the same every time, or a mutant lives by luck. */
import fc from 'fast-check'

fc.configureGlobal({ seed: 20_261_125 })
