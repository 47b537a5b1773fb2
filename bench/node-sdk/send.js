// Sends events from memory with Klaviyo's SDK, 1,000 a call: node send.js <base address> <events, a JSON a line> <calls in flight>
'use strict';
const fs = require('node:fs');
const readline = require('node:readline');
const { ApiKeySession, EventsApi } = require('klaviyo-api');

const [address, path, inFlight] = process.argv.slice(2);
const api = new EventsApi(new ApiKeySession('pk_bench'));
api.basePath = address;

// As the SDK wants it: camelCase members, a profile entry with its events.
function entry(line) {
  const { metric, email, uniqueId, time, value, currency, properties } = JSON.parse(line);
  return {
    type: 'event-bulk-create',
    attributes: {
      profile: { data: { type: 'profile', attributes: { email } } },
      events: {
        data: [{
          type: 'event',
          attributes: {
            properties,
            time: new Date(time),
            value,
            valueCurrency: currency,
            uniqueId,
            metric: { data: { type: 'metric', attributes: { name: metric } } },
          },
        }],
      },
    },
  };
}

const entries = fs.readFileSync(path, 'utf8').trimEnd().split('\n').map(entry);

async function send(from) {
  const data = entries.slice(from, from + 1000);
  await api.bulkCreateEvents({ data: { type: 'event-bulk-create-job', attributes: { eventsBulkCreate: { data } } } });
}

async function sendAll() {
  let next = 0;
  async function worker() {
    while (next < entries.length) {
      const from = next;
      next += 1000;
      await send(from);
    }
  }
  await Promise.all(Array.from({ length: Number(inFlight) }, worker));
}

const input = readline.createInterface({ input: process.stdin });
input.once('line', async () => {
  const start = process.hrtime.bigint();
  await sendAll();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
  input.close();
});
console.log(JSON.stringify({ ready: true }));
