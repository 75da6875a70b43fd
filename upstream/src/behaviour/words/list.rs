//! Owns the list of words, as a text for people.

/// The list.
pub(crate) const LIST: &str = "\
Words, joined with `+`; a sequence is written `529*2,ok`; what follows a `:` only makes a credential unique.

What is answered (at most one, first):
  ok                     a message, streamed or not as asked (the default)
  STATUS[-SECONDS]       an error with this status, and retry-after: 429-60, 500, 529
  window-SECONDS         429 of a subscription whose five-hour window resets then
  extra                  429 that asks for paid extra usage
  disabled               400, organisation disabled
  credit                 400, credit balance too low
  forbidden              403, OAuth not allowed for the organisation
  edge                   403 with a web page
  invalid-grant          400 of a token endpoint
  html                   200 with a web page
  garbage[-BYTES]        200 with garbage
  quota-minute-SECONDS, quota-day[-SECONDS], quota-zero, quota-reasons
                         Google's 429: per minute, per day, none at all, without details
  key-invalid, key-leaked, service-disabled, validation, no-licence, security-policy, region
                         Google's 400 and 403
  assist-rate-SECONDS, assist-exhausted-SECONDS, capacity, credits
                         Code Assist's 429

For whom:
  for-MODEL              only for models with this in their names; others get a message

Shape of the message:
  events-N               N events in the stream
  usage-IN-OUT[-WRITE5M-WRITE1H-READ]
                         the tokens to bill
  error-N                an overloaded_error event after N events
  unterminated           no message_stop
  after-stop             text after message_stop
  huge-MEGABYTES         one huge event
  comments-LINES         a flood of comments
  no-usage, output-only, repeated, growing, decreasing, negative, overflowing, null
                         an odd usage
  thoughts-N, tool-N     with Gemini: tokens of the output, or input, that are thoughts, or come from tools
  tool-call, blocked-REASON, finish-REASON
                         with Gemini: how the answer ends
  split-data             with Gemini: payloads over several data: lines
  last-usage, thoughts-inside
                         with Gemini: usage in the last chunk alone; thoughts counted twice

How it travels:
  delay-MS               a pause before the head
  interval-MS            a pause between events
  hang                   no answer
  unread                 the request's body is not read
  cut                    broken off in place of an answer
  lost                   done as asked, then broken off in place of an answer
  stall-N                silence after N events
  cut-N                  broken off after N events
  cut-bytes-N            broken off after N bytes
  reset                  cuts are RST, not FIN
  split-N                N bytes a write
  gzip, gzip-uninvited   coded, if allowed or regardless
  chunked, sized         without or with content-length";
