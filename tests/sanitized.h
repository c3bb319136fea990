/* 1 where the program is built with AddressSanitizer, which makes it slow and large. */
#ifndef COUNTERTOP_TESTS_SANITIZED_H
#define COUNTERTOP_TESTS_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#endif
