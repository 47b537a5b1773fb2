// The tracking script; docs/storefront.md says what it reads, sends and keeps. Old browsers run it: nothing newer than ES2018, no library.
// ScriptMinifier shortens it, and says what the source has to keep to.
(config => {
  const w = window, d = document, key = 'zoeyKlaviyo', hour = 36e5, checkoutType = 'started_checkout';
  if (w[key] && w[key].identify) return;

  // What the tab remembers; everything else lasts as long as the page.
  let state = {}, noStorage, channel;
  let tells, pageEmail, saysWho, isAdmin, blocked, product, cart, checkout, cartId;
  let shopper, who, hasLeft, activeFor, viewed, visitId;
  let sending, pause = 0, retryAt = 0, timer;
  let early = [].concat(Array.isArray(w[key]) ? w[key] : []);

  const isObject = value => !!value && typeof value === 'object' && !Array.isArray(value);
  const attempt = (f, given) => { try { return f(given); } catch (e) { } };
  const find = (selector, root) => (root || d).querySelector(selector);
  const all = (selector, root) => [].slice.call((root || d).querySelectorAll(selector));
  const isTrue = value => !!value;
  const json = JSON.stringify;

  // Every way in. Errors stay in here; the state is read again, because another page of the tab may have changed it.
  const safe = f => (...given) => {
    attempt(load);
    attempt(() => f(...given));
    attempt(send);
    if (!noStorage) attempt(save);
  };
  const on = (target, name, f) => target.addEventListener(name, safe(f), true);

  const load = () => {
    attempt(() => { if (!noStorage) state = JSON.parse(w.sessionStorage.getItem(key)); });
    if (!isObject(state)) state = {};
    const recent = (list, age) => [].concat(list).filter(one => one && Date.now() - one.at < age);
    state.queue = recent(state.queue, hour);
    state.adds = recent(state.adds, hour / 12);
    state.done = [].concat(state.done || []);
  };

  const save = () => {
    noStorage = true;
    w.sessionStorage.removeItem(key);
    w.sessionStorage.setItem(key, json(state));
    noStorage = false;
  };

  // Version 7: in the order of time.
  const uuid = () => {
    let hex = '';
    while (!hex[19]) hex += (attempt(() => crypto.getRandomValues(new Uint32Array(1))[0]) || Math.random() * 1e9 | 0).toString(16);
    return (('0' + Date.now().toString(16)).slice(-12) + hex).replace(/(.{8})(.{4}).(...).(...)(.{12}).*/, '$1-$2-7$3-8$4-$5');
  };

  // Neither Klaviyo nor a database takes NUL or half a surrogate pair.
  const clean = value => value.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF\0]/g, c => c[1] ? c : '');

  const text = (value, max) => typeof value === 'string' || typeof value === 'number'
    ? clean(('' + value).trim().slice(0, max || 200)).replace(/\s+/g, ' ') || undefined
    : undefined;

  const url = value => {
    const address = text(value, 2e3), absolute = address && attempt(() => new URL(address, d.baseURI).href);
    return /^https?:.{1,1990}$/.test(absolute) ? absolute : undefined;
  };

  // 24.9, "24.90", "$1,249.90", "1.249,90 €"
  const number = value => {
    if (typeof value === 'string') {
      const plain = value.trim().slice(0, 50);
      value = plain && +plain;
      if (isNaN(value)) {
        const digits = (/\d+([.,]\d+)*/.exec(plain.replace(/(\d)[\s'’](?=\d{3})/g, '$1')) || [''])[0];
        const hasCents = /[.,]\d\d?$|^0[.,]|\..*,|,.*\./.test(digits);
        value = digits && +(hasCents ? digits.replace(/[.,](?=.*[.,])/g, '').replace(',', '.') : digits.replace(/[.,]/g, ''));
      }
    }
    return typeof value === 'number' && value >= 0 && value < 1e12 ? value : undefined;
  };

  const names = value => {
    if (typeof value === 'string') value = attempt(JSON.parse, value) || value.split('|');
    const found = [].concat(value).slice(0, 20).map(name => text(name, 100)).filter(isTrue);
    return found[0] ? found : undefined;
  };

  const currency = value => /^[a-z]{3}$/i.test(value) ? value.toUpperCase() : undefined;

  const email = value => {
    const address = (text(value, 255) || '').toLowerCase();
    return /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(address) ? address : '';
  };

  const round = value => Math.round(value * 1e4) / 1e4;

  // A product or a line of the cart, as an entry of Klaviyo's Items.
  const lineOf = get => {
    const quantity = number(get('quantity')), price = number(get('price')), total = number(get('rowTotal'));
    return {
      ProductID: text(get('id')), SKU: text(get('sku')), ProductName: text(get('name')), Quantity: quantity, ItemPrice: price,
      RowTotal: total === undefined ? number(round(price * quantity)) : total,
      ProductURL: url(get('url')), ImageURL: url(get('image')), ProductCategories: names(get('categories')), Brand: text(get('brand')),
    };
  };

  const productOf = get => ({ line: lineOf(get), currency: currency(get('currency')), compareAt: number(get('compareAtPrice')) });

  const cartOf = (get, lines) => {
    const items = lines.map(lineOf).filter(line => line.ProductID || line.SKU || line.ProductName), total = number(get('total'));
    return {
      id: text(get('id')), items: items, currency: currency(get('currency')), url: url(get('checkoutUrl')),
      total: total === undefined && items[0] ? round(items.reduce((sum, line) => sum + (line.RowTotal || 0), 0)) : total,
    };
  };

  const member = object => name => object[name];

  // data-zk-name, or with the element's kind as in data-zk-product-name.
  const attributes = (element, kind) => name => {
    const dashed = name.replace(/[A-Z]/g, '-$&').toLowerCase();
    return (name === 'id' ? [kind] : [dashed, kind + '-' + dashed, 'product-' + dashed])
      .map(one => element.getAttribute('data-zk-' + one)).filter(value => value !== null)[0];
  };

  const magento = () => {
    const form = find('body.catalog-product-view #product_addtocart_form');
    const first = (...selectors) => {
      const element = [form, d].map(root => selectors.map(one => find(one, root)).filter(isTrue)[0]).filter(isTrue)[0];
      return element && (element.getAttribute('content') || element.getAttribute('src') || element.value || element.textContent);
    };
    return form && find('input[name=product]', form) && productOf(member({
      id: first('input[name=product]'), sku: first('[itemprop=sku]'), name: first('.product-name h1', '[itemprop=name]'),
      price: first('.special-price .price', '.regular-price .price'), compareAtPrice: first('.old-price .price'),
      currency: first('[itemprop=priceCurrency]'), brand: first('[itemprop=brand]'), image: first('#image'),
      categories: all('.breadcrumbs li[class*=category]').map(step => (find('a,strong', step) || step).textContent),
    }));
  };

  // Notes all that the page tells. A part of the data given to page() counts even when it is null.
  const read = given => {
    const layers = all('[data-zk-page]').map(layer => attempt(JSON.parse, layer.textContent)).filter(isObject);
    tells = given || layers[0];
    const isGiven = name => given && name in given;
    const part = name => isGiven(name) ? given[name] : (layers.filter(layer => isObject(layer[name]))[0] || {})[name];
    const marked = name => {
      const element = find('[data-zk-' + name + ']');
      tells = tells || element;
      return element;
    };
    const take = (name, fromData, element, fromMarkup) => isObject(part(name)) ? fromData(part(name)) : isGiven(name) ? undefined : fromMarkup(element);
    const same = value => value;
    const visitor = take('visitor', same, marked('customer'), element => element && { email: element.getAttribute('data-zk-customer') }) || {};
    const flag = (name, mark) => isTrue(visitor[name] && visitor[name] !== 'false' || marked(mark) && marked(mark).getAttribute('data-zk-' + mark) !== 'false');
    pageEmail = email(visitor.email);
    saysWho = isGiven('visitor') || 'email' in visitor;
    isAdmin = flag('actingAdmin', 'acting-admin');
    blocked = flag('trackingBlocked', 'tracking-blocked');
    cart = take('cart', object => cartOf(member(object), [].concat(object.items).filter(isObject).map(member)), marked('cart'), element => element
      && cartOf(attributes(element, 'cart'), all('[data-zk-item]', element).map(line => attributes(line, 'item'))));
    checkout = take('checkout', same, marked('checkout'), element => element ? { id: attempt(() => element.getAttribute('data-zk-checkout')) }
      : find('body.checkout-onepage-index') && {});
    product = take('product', object => productOf(member(object)), marked('product'), element => element ? productOf(attributes(element, 'product')) : magento());
    if (product && !product.line.ProductURL) product.line.ProductURL = url(location.href.split(/[?#]/)[0]);
    cartId = checkout && text(checkout.id) || cart && cart.id;
  };

  const describe = (prefix, line, properties) => {
    ['ProductName', 'ProductID', 'SKU', 'ImageURL'].forEach(name => { properties[prefix + name] = line[name]; });
    properties[prefix + 'Categories'] = line.ProductCategories;
    properties[prefix + 'URL'] = line.ProductURL;
    properties[prefix + 'Price'] = line.ItemPrice;
    return properties;
  };

  const cartEvent = properties => {
    properties.ItemNames = cart.items.map(line => line.ProductName).filter(isTrue);
    properties.CheckoutURL = cart.url;
    properties.Items = cart.items;
    return { value: cart.total, currency: cart.currency || product && product.currency, checkoutId: cartId, properties: properties };
  };

  // The random id of the visit, which ends after half an hour without an event.
  const visit = () => {
    attempt(() => {
      const known = (w.localStorage.getItem(key) || '').split(' ');
      visitId = Date.now() - known[1] < hour / 2 ? known[0].slice(0, 36) : uuid();
      w.localStorage.setItem(key, visitId + ' ' + Date.now());
    });
    return visitId = visitId || uuid();
  };

  const mark = entry => [entry.checkoutId, entry.visitor.email, entry.visitor.actingAdmin].join();
  const size = value => new Blob([json(value)]).size;

  const add = (type, event, at, id) => {
    const isCheckout = type === checkoutType, properties = event.properties || {}, items = properties.Items;
    if (!who || !(isCheckout && isAdmin) && config.events.indexOf(type) < 0) return;
    if (isCheckout ? !event.checkoutId : blocked || isAdmin && !config.adminTracking) return;
    const entry = {
      id: id || uuid(), type: type, occurredAt: new Date(at || Date.now()).toISOString(), value: event.value, currency: event.currency,
      checkoutId: event.checkoutId, inCart: event.inCart, properties: properties,
      at: Date.now(),
      visitor: { email: who, sessionId: blocked ? undefined : visit(), actingAdmin: isAdmin, trackingBlocked: blocked },
    };
    // A request takes 64 KB: what is longer goes with fewer lines of the cart.
    while (size(entry) > 5e4) {
      if (!properties.Items[0]) return;
      const length = properties.Items.length * 0.8 | 0;
      properties.ItemsOmitted = items.length - length;
      properties.Items = items.slice(0, length);
      properties.ItemNames = (properties.ItemNames || []).slice(0, length);
    }
    // Once for each checkout and address.
    if (isCheckout && state.done.concat(state.queue.filter(one => one.type === type).map(mark)).indexOf(mark(entry)) >= 0) return;
    state.queue = state.queue.concat(entry).slice(-20);
  };

  // What waits and what is known does not outlive the shopper. Other tabs notice that the visit's id is gone.
  const become = (address, isIdentified) => {
    if (state.email && state.email !== address) {
      state = { queue: [], adds: [], done: [], until: state.until };
      visitId = 0;
      attempt(() => w.localStorage.removeItem(key));
    }
    state.email = address;
    state.isIdentified = isIdentified;
  };

  const know = () => {
    shopper = (tells || state.isIdentified) && state.email;
    who = shopper || tells && cartId && state.guest && state.guest.cart === cartId && state.guest.email;
    if (who && activeFor !== who) add('active_on_site', {});
    activeFor = who;
  };

  const guestField = () => find('[data-zk-checkout] input[type=email],[data-zk-checkout] input[name*=email],.checkout-onepage-index #billing\\:email');

  const checkOut = () => {
    if (!checkout) return;
    const field = guestField(), address = field && email(field.value) || email(checkout.email);
    if (tells && !shopper && address && cartId) state.guest = { email: address, cart: cartId };
    know();
    const categories = [].concat(...(cart ? cart.items : []).map(line => line.ProductCategories || []));
    add(checkoutType, cart ? cartEvent({ Categories: categories.filter((name, i) => categories.indexOf(name) === i).slice(0, 20) }) : { checkoutId: cartId });
  };

  const lineKey = line => line.ProductID + '|' + line.SKU;

  // Sends what the forms of earlier pages put in the cart, if this page's cart shows it.
  const settle = isNewPage => {
    const now = { id: cart.id, of: {} };
    cart.items.forEach(line => { now.of[lineKey(line)] = (now.of[lineKey(line)] || 0) + (line.Quantity === undefined ? 1 : line.Quantity); });
    state.adds = state.adds.filter(wish => {
      const had = wish.cart && wish.cart.id === now.id ? wish.cart.of : {};
      let found = '';
      cart.items.forEach(line => {
        const name = lineKey(line), more = round(now.of[name] - (had[name] || 0));
        if (more <= 0 || line.ProductID !== wish.id && (!wish.sku || line.SKU !== wish.sku)) return;
        had[name] = now.of[name];
        add('added_to_cart', cartEvent(describe('AddedItem', line, { AddedItemQuantity: more })), wish.at, wish.key + found);
        found += 1;
      });
      return !isNewPage && !found;
    });
    state.cart = now;
    if (channel) channel.postMessage(now);
  };

  // A page behind the Back button may be an old one: it is not believed about who is logged in and what the cart holds.
  const look = (given, first) => {
    const dnt = navigator.doNotTrack || w.doNotTrack, navigation = attempt(() => performance.navigation.type);
    const isOld = first && navigation === 2 && 'email' in state;
    read(isObject(given) && JSON.parse(json(given)));
    blocked = blocked || dnt === '1' || dnt === 'yes' || !!navigator.globalPrivacyControl;
    if (blocked) state.queue = state.queue.filter(entry => entry.type === checkoutType);
    if (isOld || hasLeft && !(given && given.visitor)) pageEmail = '';
    else if (tells && (saysWho || !state.isIdentified)) become(pageEmail);
    if (first) first();
    if (tells && !isOld && state.guest && (state.email || state.guest.cart !== cartId)) state.guest = 0;
    know();
    const line = product && product.line;
    if (cart && tells && !isOld) settle(first);
    if (line && viewed !== lineKey(line)) {
      viewed = lineKey(line);
      add('viewed_product', {
        currency: product.currency || cart && cart.currency || undefined,
        inCart: cart && cart.items.some(one => one.ProductID === line.ProductID) || undefined,
        properties: describe('', line, { Brand: line.Brand, CompareAtPrice: product.compareAt }),
      });
    }
    if (!isOld) checkOut();
  };

  // Notes what a form or a link is about to put in the cart. Until a page has shown the cart, a second click is the same wish.
  const wish = (action, form) => {
    if (!/\/checkout\/cart\/add/.test(action) || blocked) return;
    const field = form && find('[name=product]', form), line = product && product.line;
    const id = text(field ? field.value : (/\/product\/(\d+)/.exec(action) || [])[1]);
    const same = state.adds.filter(one => one.id === id)[0];
    if (same) same.at = Date.now();
    else if (id) state.adds.push({ key: uuid(), id: id, sku: line && line.ProductID === id ? line.SKU : undefined, at: Date.now(), cart: state.cart });
  };

  // What goes in one request: events of one shopper.
  const batch = () => {
    let length = 0;
    const visitor = state.queue[0] && json(state.queue[0].visitor);
    return state.queue.filter(entry => json(entry.visitor) === visitor && (length += size(entry)) < 6e4);
  };

  const body = entries => json({
    sentAt: new Date().toISOString(), visitor: entries[0].visitor, events: entries.map(entry => Object.assign({}, entry, { visitor: undefined, at: undefined })),
  });

  const end = safe((sent, status, after) => {
    sending = false;
    if (status === 202 || status > 399 && status < 500 && status !== 429) {
      pause = retryAt = 0;
      state.queue = state.queue.filter(entry => {
        const isOver = sent.some(one => one.id === entry.id);
        if (isOver && entry.type === checkoutType) state.done.push(mark(entry));
        return !isOver;
      });
    } else {
      pause = Math.min(pause * 2 || 1e3, 3e5);
      retryAt = Date.now() + pause * (1 + Math.random() / 2);
      if (after > 0) state.until = Date.now() + Math.min(after * 1e3, hour);
    }
  });

  const send = () => {
    const entries = batch(), wait = Math.max(retryAt, state.until || 0) - Date.now();
    clearTimeout(timer);
    if (early || sending || !entries[0]) return;
    if (wait > 0) {
      timer = setTimeout(safe(isTrue), Math.min(wait, hour));
      return;
    }
    sending = true;
    new Promise(resolve => resolve(fetch(config.collect, { method: 'POST', body: body(entries), keepalive: true, credentials: 'omit' })))
      .then(answer => end(entries, answer.status, answer.headers.get('Retry-After')))
      .catch(() => end());
  };

  const api = {
    identify: address => {
      if (pageEmail || !email(address)) return;
      become(email(address), true);
      know();
      checkOut();
    },
    track: (type, event) => {
      event = JSON.parse(json(event || {}), (name, value) => typeof value === 'string' ? clean(value) : value);
      add(type, {
        properties: isObject(event.properties) ? event.properties : {}, value: number(event.value), currency: currency(event.currency),
        checkoutId: text(event.checkoutId) || (type === checkoutType ? cartId : undefined), inCart: event.inCart === true || undefined,
      });
    },
    page: given => look(given),
    signOut: () => {
      become('');
      state.guest = pageEmail = '';
      hasLeft = true;
      know();
    },
  };

  const run = call => attempt(() => api[call[0]](...[].slice.call(call, 1)));
  const calls = safe((...list) => { if (early) early.push(...list); else list.forEach(run); });
  w[key] = { push: calls };
  Object.keys(api).forEach(name => { w[key][name] = (...given) => calls([name].concat(given)); });

  const start = safe(() => {
    const list = early, isWho = call => /^(identify|signOut)$/.test(call && call[0]);
    early = 0;
    look(0, () => list.filter(isWho).forEach(run));
    list.filter(call => !isWho(call)).forEach(run);
  });

  attempt(() => {
    channel = new BroadcastChannel(key);
    channel.onmessage = safe(event => { if (isObject(event.data.of)) state.cart = event.data; });
  });
  on(d, 'submit', event => wish(event.target.getAttribute('action'), event.target));
  on(d, 'click', event => {
    const element = event.target.closest('a,button,[type=submit],[type=button]');
    const link = element.getAttribute('href') + element.getAttribute('onclick');
    if (/\/customer\/account\/logout/.test(link)) api.signOut();
    wish(link);
    // Magento's own forms are sent by a script, which raises no event.
    wish(element.form.getAttribute('action'), element.form);
  });
  on(d, 'change', event => { if (event.target === guestField()) checkOut(); });
  on(w, 'online', () => { retryAt = 0; });
  on(w, 'storage', event => { if (event.key === key && !event.newValue) api.signOut(); });
  on(w, 'pageshow', event => {
    if (!event.persisted) return;
    pageEmail = activeFor = '';
    know();
  });
  w.addEventListener('pagehide', () => attempt(() => {
    load();
    if (!(state.until > Date.now()) && !sending) navigator.sendBeacon(config.collect, body(batch()));
  }));
  if (d.readyState === 'loading') on(d, 'DOMContentLoaded', start);
  else start();
})(__SETTINGS__);
