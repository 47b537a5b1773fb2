// What a store gets that is not connected or not enabled. It sends nothing and keeps what waits; a shopper who leaves is forgotten all the same.
(() => {
  const w = window, key = 'zoeyKlaviyo', early = w[key];
  if (early && early.identify) return;
  const attempt = f => { try { f(); } catch (e) { } };
  const forget = () => attempt(() => w.sessionStorage.removeItem(key));
  const identify = address => attempt(() => {
    if (JSON.parse(w.sessionStorage.getItem(key)).email !== address.trim().toLowerCase()) forget();
  });
  const api = { identify: identify, track: () => { }, page: () => { }, signOut: forget };
  api.push = (...calls) => calls.forEach(call => attempt(() => api[call[0]](call[1])));
  attempt(() => { w[key] = api; });
  if (Array.isArray(early)) api.push(...early);
})();
