const shop = document.getElementById('shop');
const products = JSON.parse(shop.dataset.products);
const log = document.getElementById('log');
const email = document.getElementById('email');
const names = {
  active_on_site: 'Active on Site', viewed_product: 'Viewed Product', added_to_cart: 'Added to Cart', started_checkout: 'Started Checkout',
};
const ignored = {
  not_connected: 'the store is not connected to Klaviyo',
  disabled: 'Is Enabled is No for this store',
  function_off: 'the switch of this event is No',
  acting_admin: 'a team member acts as the customer, and Enable Admin Tracking on Store is No',
  tracking_blocked: 'the shopper blocks tracking',
  no_identity: 'nobody knows yet who the shopper is',
  before_connection: 'it happened while the store was not connected',
  same_visit: 'this visit was counted already',
  in_cart: 'the product is in the cart already',
  duplicate: 'it was sent before',
};
const sessionId = sessionStorage.getItem('session') ?? crypto.randomUUID();
sessionStorage.setItem('session', sessionId);
let cart = new Map();
let checkoutId = crypto.randomUUID();

const address = (path) => new URL(path, location.origin).href;
const productUrl = (product) => address(`/shop#product-${product.id}`);
const imageUrl = (product) => address(`/assets/${product.picture}`);
const round = (amount) => Math.round(amount * 100) / 100;
const find = (id) => products.find((product) => product.id === id);
const lines = () => [...cart].map(([id, quantity]) => ({ product: find(id), quantity }));
const total = () => round(lines().reduce((sum, line) => sum + line.product.price * line.quantity, 0));

function items() {
  return lines().map(({ product, quantity }) => ({
    ProductID: product.id, SKU: product.sku, ProductName: product.name, Quantity: quantity, ItemPrice: product.price,
    RowTotal: round(product.price * quantity), ProductURL: productUrl(product), ImageURL: imageUrl(product),
    ProductCategories: product.categories, Brand: product.brand,
  }));
}

const cartProperties = () => ({ ItemNames: lines().map((line) => line.product.name), CheckoutURL: address('/shop#cart-title'), Items: items() });

function viewed(product) {
  const properties = {
    ProductName: product.name, ProductID: product.id, SKU: product.sku, Categories: product.categories,
    ImageURL: imageUrl(product), URL: productUrl(product), Brand: product.brand, Price: product.price,
  };
  if (product.compareAtPrice) properties.CompareAtPrice = product.compareAtPrice;
  return { type: 'viewed_product', inCart: cart.has(product.id), properties };
}

function added(product) {
  cart.set(product.id, (cart.get(product.id) ?? 0) + 1);
  showCart();
  return {
    type: 'added_to_cart', value: total(), currency: shop.dataset.currency,
    properties: {
      AddedItemProductName: product.name, AddedItemProductID: product.id, AddedItemSKU: product.sku,
      AddedItemCategories: product.categories, AddedItemImageURL: imageUrl(product), AddedItemURL: productUrl(product),
      AddedItemPrice: product.price, AddedItemQuantity: 1, ...cartProperties(),
    },
  };
}

function checkout() {
  const categories = [...new Set(lines().flatMap((line) => line.product.categories))];
  return {
    type: 'started_checkout', checkoutId, value: total(), currency: shop.dataset.currency,
    properties: { ...cartProperties(), Categories: categories },
  };
}

function visitor(type) {
  const kind = document.querySelector('input[name=visitor]:checked').value;
  const known = kind !== 'guest' || type === 'started_checkout';
  return {
    ...(known && email.value.trim() ? { email: email.value.trim() } : {}),
    sessionId, actingAdmin: kind === 'admin', trackingBlocked: kind === 'blocked',
  };
}

async function send(event) {
  const now = new Date().toISOString();
  const body = { sentAt: now, visitor: visitor(event.type), events: [{ id: crypto.randomUUID(), occurredAt: now, ...event }] };
  try {
    const response = await fetch(shop.dataset.collect, {
      method: 'POST', headers: { 'Content-Type': 'text/plain' }, credentials: 'omit', body: JSON.stringify(body),
    });
    return describe(response.status, await response.text());
  } catch {
    return { kind: 'refused', text: `The admin does not answer at ${new URL(shop.dataset.collect).origin}. Is it running, and does it know this shop?` };
  }
}

function describe(status, text) {
  let answer = {};
  try { answer = JSON.parse(text); } catch { /* Not every refusal has a JSON body. */ }
  if (status === 202) {
    if (answer.accepted > 0) return { kind: 'accepted', text: 'Accepted.' };
    if (answer.ignored?.length) {
      const reason = answer.ignored[0].reason;
      return { kind: 'ignored', text: `Ignored: ${ignored[reason] ?? reason}.` };
    }
    const errors = Object.entries(answer.rejected?.[0]?.errors ?? {}).map(([field, why]) => `${field}: ${[].concat(why).join(', ')}`);
    return { kind: 'refused', text: `Rejected. ${errors.join('; ')}` };
  }
  const reasons = {
    403: 'The admin does not accept this shop\'s address.', 404: 'The admin does not know this store.',
    429: 'Too many requests; try again in a moment.', 503: 'The admin cannot store events now; a real page would send it again.',
  };
  return { kind: 'refused', text: `${reasons[status] ?? answer.title ?? 'Refused.'} (${status})` };
}

function report(event, result) {
  document.getElementById('log-empty').hidden = true;
  const entry = document.createElement('li');
  entry.className = result.kind;
  const name = document.createElement('strong');
  name.textContent = names[event.type];
  entry.append(name, ` ${result.text}`);
  log.prepend(entry);
}

function showCart() {
  document.getElementById('cart').textContent = cart.size === 0
    ? 'The cart is empty.'
    : `${lines().map((line) => `${line.quantity} × ${line.product.name}`).join(', ')}: $${total().toFixed(2)}`;
  document.getElementById('checkout-id').textContent = checkoutId;
}

const acts = {
  browse: () => ({ type: 'active_on_site', properties: { Page: address('/shop') } }),
  view: (product) => viewed(product),
  add: (product) => added(product),
  checkout: () => checkout(),
};

shop.addEventListener('click', async ({ target }) => {
  const button = target.closest('button[data-do]');
  if (!button) return;
  if (button.dataset.do === 'empty') {
    cart = new Map();
    checkoutId = crypto.randomUUID();
    showCart();
    return;
  }
  const event = acts[button.dataset.do](find(button.dataset.product));
  report(event, await send(event));
});
document.getElementById('visitor').addEventListener('submit', (event) => event.preventDefault());
showCart();
