// The tracking script; docs/storefront.md says what it reads, sends and keeps. Old browsers run it: nothing newer than ES2018, no library.
// ScriptMinifier shortens it, and says what the source has to keep to.
(config => {
  const w = window, d = document, key = 'zoeyKlaviyo', hour = 36e5, checkoutType = 'started_checkout';
  if (w[key] && w[key].identify) return;

  // What the tab remembers; everything else lasts as long as the page.
  let state = {}, noStorage, channel, nothing;
  let tells, pageEmail, saysWho, isAdmin, blocked, product, cart, checkout, cartId;
  let shopper, who, isNamed, isStale, activeFor, viewed, visitId;
  let sending, pause = 0, retryAt = 0, timer;
  let early = Array.isArray(w[key]) ? w[key] : [];

  const isObject = value => !!value && typeof value == 'object' && !Array.isArray(value);
  const attempt = (f, given) => { try { return f(given); } catch (e) { } };
  const find = (selector, root) => (root || d).querySelector(selector);
  const all = (selector, root) => [...(root || d).querySelectorAll(selector)];
  const isTrue = value => !!value;
  // Old versions of Prototype write every list as a string.
  const json = (value, list = Array.prototype, own = list.toJSON) => {
    if (own) list.toJSON = 0;
    value = attempt(JSON.stringify, value);
    if (own) list.toJSON = own;
    return value;
  };

  // Every way in. Errors stay in here; the state is read again, because another page of the tab may have changed it.
  const safe = f => (...given) => {
    attempt(load);
    attempt(() => f(...given));
    attempt(send);
    if (!noStorage) attempt(save);
  };
  const on = (target, name, f) => target.addEventListener(name, safe(f), true);

  const load = () => {
    attempt(() => { if (!noStorage) state = JSON.parse(sessionStorage.getItem(key)); });
    if (!isObject(state)) state = {};
    const recent = (list, age) => [].concat(list).filter(one => one && Date.now() - one.at < age);
    state.queue = recent(state.queue, hour);
    state.adds = recent(state.adds, hour / 12);
    state.done = state.done || [];
  };

  const save = () => {
    noStorage = true;
    sessionStorage.removeItem(key);
    sessionStorage.setItem(key, json(state));
    noStorage = false;
  };

  // Version 7: in the order of time.
  const uuid = () => {
    let hex = '';
    while (!hex[17]) hex += (attempt(() => crypto.getRandomValues(new Uint32Array(1))[0]) || Math.random() * 1e9 | 0).toString(16);
    return ('0' + Date.now().toString(16) + hex).replace(/(.{8})(.{4})(...)(...)(.{12}).*/, '$1-$2-7$3-8$4-$5');
  };

  // Neither Klaviyo nor a database takes NUL or half a surrogate pair.
  const clean = value => value.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF\0]/g, c => c[1] ? c : '');

  const text = (value, max) => typeof value == 'string' || typeof value == 'number'
    ? clean(('' + value).trim().slice(0, max || 200)).replace(/\s+/g, ' ') || nothing
    : nothing;

  const url = value => {
    const address = text(value, 2e3), absolute = address && attempt(() => new URL(address, d.baseURI).href);
    return /^https?:.{1,1990}$/.test(absolute) ? absolute : nothing;
  };

  // 24.9, "24.90", "$1,249.90", "1.249,90 €"
  const number = value => {
    if (typeof value == 'string') {
      const plain = value.trim().slice(0, 50);
      value = plain && +plain;
      if (isNaN(value)) {
        const digits = (/\d+([.,]\d+)*/.exec(plain.replace(/(\d)[\s'’](?=\d{3})/g, '$1')) || [''])[0];
        value = digits && +digits.replace(/[.,]\d\d?$|^0[.,]|\..*,|,.*\./.test(digits) ? /[.,](?=.*[.,])/g : /[.,]/g, '').replace(',', '.');
      }
    }
    return typeof value == 'number' && value >= 0 && value < 1e12 ? value : nothing;
  };

  const names = value => {
    if (typeof value == 'string') value = attempt(JSON.parse, value) || value.split('|');
    const found = [].concat(value).slice(0, 20).map(name => text(name, 100)).filter(isTrue);
    return found[0] ? found : nothing;
  };

  const currency = value => /^[a-z]{3}$/i.test(value) ? value.toUpperCase() : nothing;

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
      RowTotal: total === nothing ? number(round(price * quantity)) : total,
      ProductURL: url(get('url')), ImageURL: url(get('image')), ProductCategories: names(get('categories')), Brand: text(get('brand')),
    };
  };

  const productOf = get => ({ line: lineOf(get), currency: currency(get('currency')), compareAt: number(get('compareAtPrice')) });

  const cartOf = (get, lines) => {
    const items = lines.map(lineOf).filter(line => line.ProductID || line.SKU || line.ProductName), total = number(get('total'));
    let sum = 0;
    items.forEach(line => { sum += line.RowTotal || 0; });
    return {
      id: text(get('id')), items: items, currency: currency(get('currency')), url: url(get('checkoutUrl')),
      total: total === nothing && items[0] ? round(sum) : total,
    };
  };

  const member = object => name => object[name];

  // data-zk-name, or with the element's kind as in data-zk-product-name.
  const attributes = (element, kind) => name => {
    const dashed = name.replace(/[A-Z]/g, '-$&').toLowerCase();
    return (name === 'id' ? [kind] : [dashed, kind + '-' + dashed, 'product-' + dashed])
      .map(one => element.getAttribute('data-zk-' + one)).find(value => value !== null);
  };

  const magento = () => {
    const form = find('body.catalog-product-view #product_addtocart_form');
    const first = (...selectors) => {
      const element = selectors.map(one => find(one, form)).concat(selectors.map(one => find(one))).find(isTrue);
      return element && (element.getAttribute('content') || element.getAttribute('src') || element.value || element.textContent);
    };
    // Other products on the page have old prices, too.
    const old = find('.old-price .price', find('.price', form) ? form : d);
    return form && find('input[name=product]', form) && productOf(member({
      id: first('input[name=product]'), sku: first('[itemprop=sku]'), name: first('.product-name h1', '[itemprop=name]'),
      price: first('.special-price .price', '.regular-price .price'), compareAtPrice: old && old.textContent,
      currency: first('[itemprop=priceCurrency]'), brand: first('[itemprop=brand]'), image: first('#image'),
      categories: all('.breadcrumbs li[class*=category]').map(step => (find('a,strong', step) || step).textContent),
    }));
  };

  // Notes all that the page tells. A part of the data given to page() counts even when it is null.
  const read = given => {
    const layers = all('[data-zk-page]').map(layer => attempt(JSON.parse, layer.textContent)).filter(isObject);
    tells = given || layers[0];
    const isGiven = name => given && name in given;
    const part = name => isGiven(name) ? given[name] : (layers.find(layer => isObject(layer[name])) || {})[name];
    const marked = name => {
      const element = find('[data-zk-' + name + ']');
      tells = tells || element;
      return element;
    };
    const take = (name, fromData, element, fromMarkup) => isObject(part(name)) ? fromData(part(name)) : isGiven(name) ? nothing : fromMarkup(element);
    const same = value => value;
    const visitor = take('visitor', same, marked('customer'), element => element && { email: element.getAttribute('data-zk-customer') }) || {};
    const flag = (name, mark) => isTrue(visitor[name] && visitor[name] !== 'false' || marked(mark) && marked(mark).getAttribute('data-zk-' + mark) !== 'false');
    pageEmail = email(visitor.email);
    saysWho = isGiven('visitor') || 'email' in visitor;
    isAdmin = flag('actingAdmin', 'acting-admin');
    blocked = flag('trackingBlocked', 'tracking-blocked');
    cart = take('cart', object => cartOf(member(object), [].concat(object.items).filter(isObject).map(member)), marked('cart'), element => element
      && cartOf(attributes(element, 'cart'), all('[data-zk-item]', element).map(line => attributes(line, 'item'))));
    // A field of a form may have the name of a method.
    checkout = take('checkout', same, marked('checkout'), element => element ? { id: attempt(() => element.getAttribute('data-zk-checkout')) }
      : find('body.checkout-onepage-index') && {});
    product = take('product', object => productOf(member(object)), marked('product'), element => element ? productOf(attributes(element, 'product')) : magento());
    if (product && !product.line.ProductURL) product.line.ProductURL = url(location.href.split(/[?#]/)[0]);
    cartId = checkout && text(checkout.id) || cart && cart.id;
  };

  const describe = (prefix, line, properties) => {
    'ProductName ProductID SKU ImageURL'.split(' ').forEach(name => { properties[prefix + name] = line[name]; });
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

  // The random id of the visit, which ends after half an hour without an event, and of the shopper's time, which the visits share.
  const visit = () => {
    attempt(() => {
      const known = ('' + localStorage.getItem(key)).split(' ');
      visitId = Date.now() - known[1] < hour / 2 ? known[0] : uuid();
      state.time = known[2] || visitId;
      localStorage.setItem(key, visitId + ' ' + Date.now() + ' ' + state.time);
    });
    return visitId = visitId || uuid();
  };

  const mark = entry => [entry.checkoutId, entry.visitor.email, entry.visitor.actingAdmin].join();
  const size = value => new Blob([json(value)]).size;

  const add = (type, event, at, id) => {
    const isCheckout = type === checkoutType, properties = event.properties || {}, items = properties.Items;
    if (!who || !(isCheckout && isAdmin) && config.events.indexOf(type) < 0) return;
    if (isCheckout ? !event.checkoutId : blocked || isAdmin && !config.adminTracking) return;
    const entry = Object.assign({}, event, {
      id: id || uuid(), type: type, occurredAt: new Date(at || Date.now()).toISOString(), at: Date.now(), properties: properties,
      visitor: { email: who, sessionId: blocked ? nothing : visit(), actingAdmin: isAdmin, trackingBlocked: blocked },
    });
    // A request takes 64 KB: what is longer goes with fewer lines of the cart.
    while (size(entry) > 5e4) {
      if (!properties.Items[0]) return;
      const length = properties.Items.length * .8 | 0;
      properties.ItemsOmitted = items.length - length;
      properties.Items = items.slice(0, length);
      properties.ItemNames = (properties.ItemNames || []).slice(0, length);
    }
    // Once for each checkout and address.
    if (isCheckout && state.done.concat(state.queue.filter(one => one.type === type).map(mark)).indexOf(mark(entry)) >= 0) return;
    state.queue = state.queue.concat(entry).slice(-20);
  };

  // Other tabs notice that the ids are gone, at once or when they come back.
  const dropVisit = () => {
    visitId = state.time = 0;
    attempt(() => localStorage.removeItem(key));
  };

  const isOver = () => {
    const stored = attempt(() => '' + localStorage.getItem(key));
    return state.time && stored && stored.indexOf(state.time) < 0;
  };

  // What waits and what is known does not outlive the shopper.
  const forget = () => {
    state = { queue: [], adds: [], done: [], until: state.until, flags: state.flags };
    visitId = 0;
  };

  const become = (address, isIdentified) => {
    if (state.email && state.email !== address) {
      if (!isOver()) dropVisit();
      forget();
    }
    state.email = address;
    state.isIdentified = isIdentified;
  };

  // From now on this page, which may name the shopper who has left, is not believed.
  const leave = () => {
    forget();
    state.email = pageEmail = '';
    isStale = true;
    know();
  };

  const know = () => {
    shopper = (tells || state.isIdentified) && state.email;
    who = shopper || tells && cartId && state.guest && state.guest.cart === cartId && state.guest.email;
    if (who && activeFor !== who) add('active_on_site', {});
    activeFor = who;
  };

  const guestField = () => find('[data-zk-checkout] input[type=email],[data-zk-checkout] input[name*=email],.checkout-onepage-index #billing\\:email');

  // An address that is being typed may end in .com and be at .co.
  const checkOut = isTyped => {
    if (!checkout) return;
    const field = guestField(), isWhole = field && (isTyped || field !== d.activeElement || field.value === field.defaultValue);
    const address = isWhole && email(field.value) || !isStale && email(checkout.email);
    if (tells && !shopper && address && cartId) state.guest = { email: address, cart: cartId };
    know();
    const categories = [].concat(...(cart ? cart.items : []).map(line => line.ProductCategories || []));
    add(checkoutType, cart ? cartEvent({ Categories: categories.filter((name, i) => categories.indexOf(name) === i).slice(0, 20) }) : { checkoutId: cartId });
  };

  const lineKey = line => line.ProductID + '|' + line.SKU;

  // Sends what the forms of earlier pages put in the cart, if this page's cart shows it.
  const settle = isNewPage => {
    const now = { id: cart.id, of: {} };
    cart.items.forEach(line => { now.of[lineKey(line)] = (now.of[lineKey(line)] || 0) + (line.Quantity === nothing ? 1 : line.Quantity); });
    state.adds = state.adds.filter(entry => {
      const had = entry.cart && entry.cart.id === now.id ? entry.cart.of : {};
      let found = 0;
      cart.items.forEach(line => {
        const name = lineKey(line), more = round(now.of[name] - (had[name] || 0));
        if (more <= 0 || [entry.id].concat(entry.parts).indexOf(line.ProductID) < 0 && (!entry.sku || line.SKU !== entry.sku)) return;
        had[name] = now.of[name];
        add('added_to_cart', cartEvent(describe('AddedItem', line, { AddedItemQuantity: more })), entry.at, entry.key + found++);
      });
      return !isNewPage && !found;
    });
    state.cart = now;
    attempt(() => channel.postMessage(now));
  };

  // What this page cannot tell is as the tab's last one said.
  const recall = () => {
    [isAdmin, blocked] = state.flags || [isAdmin, blocked];
    if (isOver()) leave();
  };

  // A page behind the Back button may be an old one: it is not believed about who is logged in and what the cart holds.
  const look = (given, first) => {
    const isOld = first && attempt(() => performance.navigation.type) === 2 && 'email' in state, isSaid = given && 'visitor' in given;
    isStale = isStale || isOld;
    read(isObject(given) && JSON.parse(json(given)));
    if (isOld || !tells) recall();
    blocked = blocked || /^(1|yes)$/.test(navigator.doNotTrack || w.doNotTrack) || !!navigator.globalPrivacyControl;
    state.flags = [isAdmin, blocked];
    if (blocked) {
      state.queue = state.queue.filter(entry => entry.type === checkoutType);
      dropVisit();
    }
    if (first && !isOld) first();
    if (isStale && !isSaid) pageEmail = '';
    else if (tells && (pageEmail || isSaid || !isNamed) && (saysWho || !state.isIdentified)) become(pageEmail);
    if (tells && !isOld && state.guest && (state.email || state.guest.cart !== cartId)) state.guest = 0;
    know();
    const line = product && product.line;
    if (cart && tells && !isOld) settle(first);
    if (line && viewed !== lineKey(line)) {
      viewed = lineKey(line);
      add('viewed_product', {
        currency: product.currency || cart && cart.currency || nothing,
        inCart: cart && cart.items.some(one => one.ProductID === line.ProductID) || nothing,
        properties: describe('', line, { Brand: line.Brand, CompareAtPrice: product.compareAt }),
      });
    }
    if (!isOld) checkOut();
  };

  // Notes what a form or a link is about to put in the cart. Until a page has shown the cart, a second click is the same wish.
  const wish = (action, form) => {
    if (!/\/checkout\/cart\/add/.test(action) || blocked || !(early || who || state.email)) return;
    const field = form && find('[name=product]', form), line = product && product.line;
    const id = text(field ? field.value : (/[/?&]product[/=](\d+)/.exec(action) || [])[1]);
    const same = state.adds.find(one => one.id === id);
    if (same) same.at = Date.now();
    else if (id) {
      state.adds.push({
        key: uuid(), id: id, sku: line && line.ProductID === id ? line.SKU : nothing, at: Date.now(), cart: state.cart,
        parts: form ? all('[name^=super_group]', form).map(one => one.name.replace(/\D/g, '')) : [],
      });
    }
  };

  // What goes in one request: events of one shopper.
  const batch = () => {
    let length = 0;
    return state.queue.filter(entry => json(entry.visitor) === json(state.queue[0].visitor) && (length += size(entry)) < 6e4);
  };

  const body = entries => json({
    sentAt: new Date().toISOString(), visitor: entries[0].visitor, events: entries.map(entry => Object.assign({}, entry, { visitor: nothing, at: nothing })),
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
      .catch(end);
  };

  const api = {
    identify: address => {
      if (pageEmail || !email(address)) return;
      isNamed = true;
      become(email(address), true);
      know();
      checkOut();
    },
    track: (type, event) => {
      event = JSON.parse(json(event || {}), (name, value) => typeof value == 'string' ? clean(value) : value);
      add(type, {
        properties: isObject(event.properties) ? event.properties : {}, value: number(event.value), currency: currency(event.currency),
        checkoutId: text(event.checkoutId) || (type === checkoutType ? cartId : nothing), inCart: !!event.inCart || nothing,
      });
    },
    page: given => look(given),
    signOut: () => {
      dropVisit();
      leave();
    },
  };

  const run = call => attempt(() => api[call[0]](...[...call].slice(1)));
  const calls = safe((...list) => { if (early) early.push(...list); else list.forEach(run); });
  w[key] = { push: calls };
  Object.keys(api).forEach(name => { w[key][name] = (...given) => calls([name, ...given]); });

  const start = safe(() => {
    const list = early, isWho = call => /^(identify|signOut)$/.test(call && call[0]);
    early = 0;
    look(0, () => list.filter(isWho).forEach(run));
    list.filter(call => !isWho(call)).forEach(run);
  });

  // An open channel would keep the page from being restored by the Back button.
  const listen = () => attempt(() => {
    channel = new BroadcastChannel(key);
    channel.onmessage = safe(event => { if (isObject(event.data.of)) state.cart = event.data; });
  });
  listen();
  on(d, 'submit', event => wish(event.target.getAttribute('action'), event.target));
  on(d, 'click', event => {
    // Not every address that is filled in for the guest raises a change.
    checkOut();
    const element = event.target.closest('a,button,[type=submit],[type=button]');
    const link = element.getAttribute('href') + element.getAttribute('onclick');
    if (/\/customer\/account\/logout/.test(link)) api.signOut();
    wish(link);
    // Magento's own forms are sent by a script, which raises no event.
    const form = element.form || /^(null|#|javascript)/.test(link) && element.closest('form');
    wish(form.getAttribute('action'), form);
  });
  on(d, 'change', event => { if (event.target === guestField()) checkOut(true); });
  on(w, 'online', () => { retryAt = 0; });
  on(w, 'storage', event => { if (event.key === key && !event.newValue) leave(); });
  on(w, 'pageshow', event => {
    if (!event.persisted) return;
    pageEmail = activeFor = '';
    isStale = true;
    recall();
    know();
    listen();
  });
  w.addEventListener('pagehide', () => attempt(() => {
    if (channel) channel.close();
    load();
    if (!sending && !(state.until > Date.now())) navigator.sendBeacon(config.collect, body(batch()));
  }));
  const begin = () => {
    if (d.readyState === 'loading') on(d, 'DOMContentLoaded', start);
    else start();
  };
  // Nobody may ever see a page that is prerendered.
  if (d.prerendering) on(d, 'prerenderingchange', begin);
  else begin();
})(__SETTINGS__);
