// A menu by Node's ari-client, written as its own description and examples do it.
// Arguments: Asterisk's HTTP address, the application's name, the sound. ARI_PASSWORD: the password.
'use strict';

const ari = require('ari-client');

const [url, application, sound] = process.argv.slice(2);

ari.connect(url, 'vizavi', process.env.ARI_PASSWORD).then((client) => {
  client.on('StasisStart', (event, channel) => {
    if (event.args[0] !== 'dialed') {
      menu(client, channel).catch(gone);
    }
  });
  return client.start(application);
}).catch((error) => {
  console.error(error);
  process.exit(1);
});

async function menu(client, caller) {
  const playback = client.Playback();
  caller.on('ChannelDtmfReceived', (event) => {
    if (event.digit === '1') {
      caller.removeAllListeners('ChannelDtmfReceived');
      playback.stop().catch(gone);
      dial(client, caller).catch(gone);
    }
  });
  await caller.answer();
  await caller.play({ media: 'sound:' + sound }, playback);
}

async function dial(client, caller) {
  const employee = client.Channel();
  const bridge = client.Bridge();
  caller.once('StasisEnd', () => employee.hangup().catch(gone));
  employee.once('ChannelDestroyed', () => caller.hangup().catch(gone));
  employee.once('StasisEnd', () => bridge.destroy().catch(gone));
  employee.once('StasisStart', () => talk(caller, employee, bridge).catch(gone));
  caller.ring().catch(gone);
  await employee.originate({
    endpoint: 'PJSIP/5' + caller.caller.number.slice(-3),
    app: application,
    appArgs: 'dialed',
    callerId: caller.caller.number,
    timeout: 20,
  });
}

async function talk(caller, employee, bridge) {
  await caller.ringStop();
  await bridge.create({ type: 'mixing' });
  await bridge.addChannel({ channel: [caller.id, employee.id] });
}

// Whoever is meant by a request may have left meanwhile.
function gone(error) {
  if (!/not found|not in Stasis/i.test(error.message)) {
    console.error(error.message);
  }
}
